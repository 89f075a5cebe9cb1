import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** First draws that are thrown away: those of neighbouring seeds are alike. */
const WARM_UP = 64

/** A seeded source of 32 random bits at a time. The same seed gives the same on every machine. */
export function seededBits(seed: number): { next(): number } {
  const generator = xoroshiro128plus(seed)
  for (let skipped = 0; skipped < WARM_UP; skipped++) generator.next()
  return generator
}

/** A seeded source of whole numbers in [0, n). The same seed gives the same numbers on every machine. */
export function seededIndex(seed: number): (n: number) => number {
  const bits = seededBits(seed)
  return (n) => Math.floor(((bits.next() >>> 0) / 2 ** 32) * n)
}
