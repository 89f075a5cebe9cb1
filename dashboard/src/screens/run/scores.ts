import type { Evaluation, RunView, Score } from '../../api/views.ts'
import { forestOf, type Outcome } from './forest.ts'

export interface ScoreCell {
  score: Score
  /** Mean of production on the same rows; null without one. */
  production: number | null
  /** What the no-regression gate said of this metric and cohort; null where it judged nothing. */
  judged: Outcome | null
}

export interface ScoreRow {
  cohort: string
  /** By metric; a metric that scored no row of the cohort has no cell. */
  cells: Record<string, ScoreCell>
}

export interface Overall {
  n: number
  errors: number
  mean: number
  production: number | null
}

export interface ScoreTable {
  metrics: string[]
  /** Means over all rows, by metric. */
  overall: Record<string, Overall>
  /** Cohorts, the largest loss against production first; without production, the lowest score first. */
  rows: ScoreRow[]
}

/** The evaluations whose scores a run stands on, where it has got so far. */
export function evaluationsOf(run: RunView): { candidate: string | null; production: string | null } {
  const output = (kind: string, port: string) => {
    const value = run.stages.find((stage) => stage.kind === kind)?.outputs[port]
    return typeof value === 'string' ? value : null
  }
  return {
    candidate: output('evaluate', 'evaluation'),
    production: output('promote', 'productionEvaluation'),
  }
}

/** Outcomes of the run's no-regression gates, by metric and cohort. */
export function judgedBy(run: RunView): (metric: string, cohort: string) => Outcome | null {
  const gates = run.stages.flatMap(({ gates: own }) => own).filter(({ gate }) => gate === 'no-regression')
  const lines = gates.flatMap((gate) => forestOf(gate)?.lines ?? [])
  return (metric, cohort) =>
    lines.find((line) => line.metric === metric && line.cohort === cohort)?.outcome ?? null
}

export function scoreTable(
  candidate: Evaluation,
  production: Evaluation | null,
  judged: (metric: string, cohort: string) => Outcome | null,
): ScoreTable {
  const metrics = [...new Set(candidate.scores.map(({ metric }) => metric))].toSorted()
  const cohorts = [...new Set(candidate.scores.map(({ cohort }) => cohort))]
  const meanBefore = (metric: string, cohort: string) =>
    production?.scores.find((score) => score.metric === metric && score.cohort === cohort && score.n > 0)
      ?.mean ?? null
  const rows = cohorts.map((cohort) => {
    const own = candidate.scores.filter((score) => score.cohort === cohort)
    const cells = own.map((score): [string, ScoreCell] => [
      score.metric,
      { score, production: meanBefore(score.metric, cohort), judged: judged(score.metric, cohort) },
    ])
    return { cohort, cells: Object.fromEntries(cells) }
  })
  const overall = metrics.map((metric): [string, Overall] => {
    const before = production && overallOf(production.scores, metric)
    return [
      metric,
      { ...overallOf(candidate.scores, metric), production: before && before.n > 0 ? before.mean : null },
    ]
  })
  const isCompared = production !== null
  return {
    metrics,
    overall: Object.fromEntries(overall),
    rows: rows.toSorted((a, b) => rank(a, isCompared) - rank(b, isCompared)),
  }
}

function overallOf(scores: readonly Score[], metric: string) {
  const own = scores.filter((score) => score.metric === metric)
  const n = own.reduce((sum, score) => sum + score.n, 0)
  const sum = own.reduce((total, score) => total + score.n * score.mean, 0)
  return { n, errors: own.reduce((total, score) => total + score.errors, 0), mean: n === 0 ? 0 : sum / n }
}

function rank({ cells }: ScoreRow, isCompared: boolean): number {
  const scored = Object.values(cells).filter(({ score }) => score.n > 0)
  return Math.min(
    ...scored.map(({ score, production }) =>
      isCompared ? score.mean - (production ?? score.mean) : score.mean,
    ),
  )
}

/** Below this many rows a cell is marked: its interval is wide. */
export const THIN_ROWS = 20

/** Scores from which on a cell has the tint of that number; below all of them, the strongest. */
export const BANDS = [0.9, 0.8, 0.7, 0.55]

/** A cell's tint: 0 for the best band, stronger the lower the score. */
export function tintOf(mean: number): number {
  return BANDS.filter((band) => mean < band).length
}
