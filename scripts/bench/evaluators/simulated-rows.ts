import { NO_COHORT, sumByCohort, type CohortScore, type RowScores } from '../../../domain/evaluation/score.ts'
import type { PairedRow } from '../../../domain/gates/no-regression.ts'
import { seededIndex } from '../../../domain/statistics/random.ts'

/** How a candidate differs from production; both are noisy, so that two answers of one model differ too. */
export type Difference =
  | { kind: 'none' }
  /** Every row of the metric scores a little less. */
  | { kind: 'shift'; metric: string; loss: number }
  /** A share of the rows, so large that the mean falls by `loss`, scores 0. */
  | { kind: 'break'; metric: string; loss: number }
  /** One cohort scores less. */
  | { kind: 'cohort'; metric: string; cohort: string; loss: number }

/** A score is what row and model have in common, and what this one answer adds. */
type Shape =
  | { level: number; betweenRows: number; withinRow: number }
  /** Yes or no: some rows never pass, some do by chance, the others always. */
  | { never: number; byChance: number }

/**
 * Four metrics as rule evaluators score a support agent's answers: two of degrees (correlation between two answers of one
 * model .7 and .86), one of yes or no with 3% of rows flipping each way, and one that hardly ever fails.
 */
const SHAPES: Record<string, Shape> = {
  Groundedness: { level: 0.72, betweenRows: 0.18, withinRow: 0.12 },
  ContextRelevance: { level: 0.6, betweenRows: 0.15, withinRow: 0.06 },
  TaskCompletion: { never: 0.06, byChance: 0.12 },
  JSONValidation: { never: 0, byChance: 0.002 },
}
export const METRICS = Object.keys(SHAPES)

/** Share of each cohort. */
const COHORTS: Record<string, number> = {
  orders: 0.25,
  returns: 0.2,
  billing: 0.15,
  delivery: 0.12,
  account: 0.1,
  warranty: 0.08,
  outage: 0.06,
  vip: 0.04,
}

export interface SimulatedRows {
  pairs: PairedRow[]
  /** The candidate's scores, as the threshold gate takes them. */
  scores: CohortScore[]
}

/** Draws the scores of candidate and production on the same rows. */
export function simulateRows(seed: number, rows: number, difference: Difference): SimulatedRows {
  const index = seededIndex(seed)
  const uniform = () => index(2 ** 31) / 2 ** 31
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  const pairs = Array.from({ length: rows }, (_, row): PairedRow => {
    const cohort = cohortAt((row + 0.5) / rows)
    const pairOf = (metric: string) => {
      const answer = answers(SHAPES[metric]!, uniform, normal)
      const production = answer()
      return { candidate: changed(answer(), metric, cohort, difference, uniform), production }
    }
    return {
      cohort,
      cluster: `r${row}`,
      pairs: Object.fromEntries(METRICS.map((metric) => [metric, pairOf(metric)])),
    }
  })
  return { pairs, scores: sumByCohort(pairs.map(candidateScores)) }
}

/** What one model answers on one row: independent each time, but for the row. */
function answers(shape: Shape, uniform: () => number, normal: () => number): () => number {
  if ('never' in shape) {
    const kind = uniform()
    if (kind < shape.never) return () => 0
    return kind < shape.never + shape.byChance ? () => Number(uniform() < 0.5) : () => 1
  }
  const ofRow = shape.level + shape.betweenRows * normal()
  return () => clamped(ofRow + shape.withinRow * normal())
}

function changed(
  score: number,
  metric: string,
  cohort: string,
  difference: Difference,
  uniform: () => number,
): number {
  if (difference.kind === 'none' || difference.metric !== metric) return score
  const isYesOrNo = 'never' in SHAPES[metric]!
  if (difference.kind === 'cohort' && difference.cohort !== cohort) return score
  if (difference.kind === 'break' || isYesOrNo)
    return uniform() < difference.loss / meanOf(metric) ? 0 : score
  return clamped(score - difference.loss)
}

/** Mean score of production; clamping takes next to nothing from it. */
function meanOf(metric: string): number {
  const shape = SHAPES[metric]!
  return 'never' in shape ? 1 - shape.never - shape.byChance / 2 : shape.level
}

function clamped(score: number): number {
  return Math.min(1, Math.max(0, score))
}

function cohortAt(place: number): string {
  let sum = 0
  for (const [cohort, share] of Object.entries(COHORTS)) {
    sum += share
    if (place < sum) return cohort
  }
  return NO_COHORT
}

function candidateScores({ cluster, cohort, pairs }: PairedRow): RowScores {
  const scores = Object.entries(pairs).map(([metric, { candidate }]) => [
    metric,
    { score: candidate, reason: '' },
  ])
  return { rowId: cluster, cohort, scores: Object.fromEntries(scores) as RowScores['scores'] }
}
