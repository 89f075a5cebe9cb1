import { copyRateOf } from './copy-rate.ts'
import { cohortKey, sumByCohort, type CohortSums, type PassMarks, type RowScores } from './score.ts'
import type { PassMark } from './spec.ts'

/** What a score shard adds to its evaluation. It follows from the shard alone. */
export interface ChunkResult {
  rows: number
  /** Rows whose answer was taken over from an earlier evaluation. */
  reused: number
  /** What the candidate's answers cost, as far as its price is known. */
  costUsd: number
  scores: CohortSums[]
  copyRates: CopyRate[]
  /** Short content hashes of the rows that have an answer: an evaluation to come may take it over. */
  answered: string[]
}

/** How much of the answers is copied from the context, where an evaluator says: overlap rewards copying. */
export interface CopyRate {
  metric: string
  cohort: string
  n: number
  sum: number
}

/** Hex digits of a row hash that tell rows of one evaluation apart; whoever reads the row compares the whole. */
const SHORT_HASH = 16

export function shortHash(rowHash: string): string {
  return rowHash.slice(0, SHORT_HASH)
}

export function chunkResult(rows: readonly RowScores[], passMarks: PassMarks): ChunkResult {
  const answered = rows.filter(({ response }) => response !== undefined)
  return {
    rows: rows.length,
    reused: rows.filter(({ answered: cost }) => cost?.cached).length,
    costUsd: rows.reduce((sum, { answered: cost }) => sum + (cost && !cost.cached ? cost.costUsd : 0), 0),
    scores: sumByCohort(rows, passMarks),
    copyRates: sumCopyRates(rows),
    answered: answered.flatMap(({ rowHash }) => (rowHash === undefined ? [] : [shortHash(rowHash)])),
  }
}

/** The numbers alone of pinned pass marks, as `passMarkOf` reads them. */
export function marksOf(passMarks: Readonly<Record<string, PassMark>> = {}): PassMarks {
  return Object.fromEntries(
    Object.entries(passMarks).flatMap(([metric, { at, cohorts = {} }]) => [
      [metric, at] as const,
      ...Object.entries(cohorts).map(([cohort, mark]) => [cohortKey(metric, cohort), mark] as const),
    ]),
  )
}

function sumCopyRates(rows: readonly RowScores[]): CopyRate[] {
  const sums = new Map<string, CopyRate>()
  for (const { cohort, scores } of rows) {
    for (const [metric, result] of Object.entries(scores)) {
      const rate = copyRateOf(result)
      if (rate !== undefined) addCopyRate(sums, { metric, cohort, n: 1, sum: rate })
    }
  }
  return [...sums.values()]
}

export function addCopyRate(sums: Map<string, CopyRate>, { metric, cohort, n, sum }: CopyRate): void {
  const key = cohortKey(metric, cohort)
  const known = sums.get(key)
  sums.set(key, { metric, cohort, n: (known?.n ?? 0) + n, sum: (known?.sum ?? 0) + sum })
}
