import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A seeded source of whole numbers in [0, n). The same seed gives the same numbers on every machine. */
export function seededIndex(seed: number): (n: number) => number {
  const generator = xoroshiro128plus(seed)
  return (n) => Math.floor(((generator.next() >>> 0) / 2 ** 32) * n)
}
