import { seededIndex } from '../../../domain/statistics/random.ts'

/** Seeded choices. Everything in a transcript comes from one of these. */
export interface Random {
  /** Whole number in [from, to]. */
  int(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(values: readonly T[]): T
  /** Picks early values more often: the last ones are the rare ways to say it. */
  skewed<T>(values: readonly T[]): T
  shuffle<T>(values: readonly T[]): T[]
  digits(count: number): string
}

const WARM_UP = 50
/** How much rarer later values of `skewed` are: a power of a uniform number picks the place. */
const SKEW = 5

export function createRandom(seed: number): Random {
  const index = seededIndex(seed)
  // The first numbers of neighbouring small seeds resemble each other.
  for (let spent = 0; spent < WARM_UP; spent++) index(2)
  const unit = () => index(2 ** 30) / 2 ** 30
  const at = <T>(values: readonly T[], position: number): T => {
    const value = values[position]
    if (value === undefined) throw new RangeError('nothing to pick from')
    return value
  }
  return {
    int: (from, to) => from + index(to - from + 1),
    chance: (probability) => unit() < probability,
    pick: (values) => at(values, index(values.length)),
    skewed: (values) => at(values, Math.floor(values.length * unit() ** SKEW)),
    shuffle(values) {
      const order = [...values]
      for (let i = order.length - 1; i > 0; i--) {
        const j = index(i + 1)
        ;[order[i], order[j]] = [at(order, j), at(order, i)]
      }
      return order
    },
    digits: (count) => Array.from({ length: count }, () => index(10)).join(''),
  }
}
