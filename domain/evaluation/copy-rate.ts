import type { Evaluated } from '../evaluators/evaluator.ts'
import { comparePaired } from '../statistics/paired.ts'

/** Share of the answer that stands in the context word for word, where a score's evaluator says. */
export function copyRateOf(result: Evaluated): number | undefined {
  const rate = 'score' in result ? result.evidence?.copyRate : undefined
  return typeof rate === 'number' ? rate : undefined
}

/** Copy rates of both models on one row: shares of their answers that stand in the context word for word. */
export interface CopyRates {
  /** Rows of one conversation share it. */
  cluster: string
  candidate: number
  production: number
}

export interface CopyRateComparison {
  [key: string]: number | boolean | string | null
  n: number
  candidate: number
  production: number
  /** 95% interval of candidate − production. */
  lower: number
  upper: number
  differs: boolean
  /** What a person should know; null where the two copy alike. */
  sentence: string | null
}

/** Smallest difference of mean copy rates that moves overlap scores enough to speak of. */
const MATERIAL = 0.1
/** Of each end of the interval. */
const ALPHA = 0.025

/**
 * Whether two models copy from their contexts to a different degree on the same rows: shown to differ at all, and by at
 * least ten points. Overlap scores reward copying, so that a candidate which copies more seems better grounded.
 */
export function compareCopyRates(rows: readonly CopyRates[], seed = 1): CopyRateComparison | null {
  if (rows.length === 0) return null
  const clusters = [...Map.groupBy(rows, ({ cluster }) => cluster).values()].map((own) =>
    own.map(({ candidate, production }) => candidate - production),
  )
  const { n, difference, lower, upper } = comparePaired(clusters, { margin: 0, alpha: ALPHA, seed })
  const [candidate, production] = [meanOf(rows, 'candidate'), meanOf(rows, 'production')]
  const differs = (lower > 0 || upper < 0) && Math.abs(difference) >= MATERIAL
  const sentence = differs
    ? `The candidate copies ${share(candidate)} of its answers from the context and production ${share(production)}: overlap scores reward copying, so compare some answers by eye.`
    : null
  return { n, candidate, production, lower, upper, differs, sentence }
}

function meanOf(rows: readonly CopyRates[], side: 'candidate' | 'production'): number {
  return rows.reduce((sum, row) => sum + row[side], 0) / rows.length
}

function share(rate: number): string {
  return `${Math.round(rate * 100)}%`
}
