/** What the API answers about evaluations. Held against the API as `views.ts` is. */
import type { EvaluationProgress } from '../../../domain/evaluation/status.ts'
import type { RowScores } from '../../../domain/evaluation/score.ts'

export type { Evaluated } from '../../../domain/evaluators/evaluator.ts'
export type { CopyRateComparison } from '../../../domain/evaluation/copy-rate.ts'
export type { EvaluationProgress, RowScores }

export interface EvaluationSummary {
  evaluationId: string
  target: string
  source: string
  suiteVersion: string
  mode: string
  status: string
  rows: number
  /** Scores that could not be given, over all metrics. */
  errors: number
  /** Rows whose answer was taken over. */
  reused: number
  costUsd: number
  estimatedCostUsd: number | null
  createdBy: string | null
  createdAt: number
  finishedAt: number | null
  progress: Omit<EvaluationProgress, 'status'> & { status: string }
}

export interface EvaluationPage {
  evaluations: EvaluationSummary[]
  next: number | null
}

export interface Bounds {
  lower: number
  upper: number
}

/** With its 95% interval. */
export interface Estimate extends Bounds {
  value: number
}

/** How the scores of a metric are spread. */
export interface Spread {
  n: number
  errors: number
  median: number | null
  quartiles: Bounds | null
  passRate: (Estimate & { passes: number }) | null
  /** Rows by twentieth of the scale. */
  distribution: number[]
  copyRate: number | null
}

export interface MetricScores extends Spread {
  metric: string
  evaluator: string
  mean: Estimate | null
  passMark: { at: number; from: string; calibrated: boolean; note: string }
}

export interface CohortScores extends Spread {
  metric: string
  evaluator: string
  cohort: string
  mean: number
  lower: number
  upper: number
}

export interface ScoredEvaluation extends EvaluationSummary {
  forced: boolean
  metrics: MetricScores[]
  scores: CohortScores[]
}

export interface RowPage {
  rows: RowScores[]
  next: string | null
}

/** What somebody said of a row: another system, or a person. */
export interface RowScore {
  scoreId: string
  dataset: string
  rowId: string
  evaluationId: string | null
  name: string
  source: string
  score: number
  label: string | null
  reason: string | null
  author: string
  createdAt: number
}

/** A row in one of the evaluations that scored it. */
export interface RowInEvaluation {
  evaluationId: string
  target: string
  status: string
  createdAt: number
  response: string | null
  scores: RowScores['scores']
}

export interface ScoresOfRow {
  scores: RowScore[]
  evaluations: RowInEvaluation[]
  next: number | null
}

/** A shard of a dataset version. */
export interface DatasetRows {
  rows: { id: string; cohort?: string; data: Record<string, unknown> }[]
  next: number | null
}

export interface EvaluationStatusChange {
  evaluationId: string
  status: string
}

export interface Side {
  evaluationId: string
  target: string
  source: string
}

/** One metric on all rows, or on those of a cohort: this evaluation less the other, paired by row. */
export interface ComparisonLine extends Bounds {
  metric: string
  cohort: string | null
  n: number
  difference: number
  margin: number
  outcome: 'better' | 'same' | 'worse' | 'inconclusive'
  rowsNeeded: number | null
  moreRows: number | null
  power: number | null
  smallestLoss: number | null
  gained: number
  lost: number
  mcnemarP: number | null
  suspicious: boolean
  method: string
  sentence: string
}

export interface RowChange {
  rowId: string
  cohort: string
  candidate: number
  production: number
  change: number
  flip: 'pass_to_fail' | 'fail_to_pass' | null
  answer: string | null
  otherAnswer: string | null
  reason: string | null
  otherReason: string | null
}

export interface MetricChanges {
  metric: string
  passAt: number
  rows: number
  unpaired: number
  passToFail: number
  failToPass: number
  improved: number
  regressed: number
  unchanged: number
  mcnemarP: number
  worst: RowChange[]
  best: RowChange[]
}

export interface Comparison {
  candidate: Side
  other: Side
  rows: number
  lines: ComparisonLine[]
  /** What a person should know of how much both copy; nothing where the evaluators do not say. */
  copyRate?: { sentence: string | null; candidate: number; production: number } | null
  changes: MetricChanges[]
}
