import type { Evaluated } from '../../domain/evaluators/evaluator.ts'
import { indented, table } from './output.ts'
import { showTime } from './show-run.ts'

interface Bounds {
  lower: number
  upper: number
}

interface Shown {
  evaluationId: string
  status: string
  target: string
  source: string
  rows: number
  errors: number
  reused: number
  costUsd: number
  estimatedCostUsd: number | null
  createdAt: number
  progress: {
    totalRows: number
    rowsPerSecond: number | null
    secondsLeft: number | null
    problem: string | null
  }
  metrics: {
    metric: string
    evaluator: string
    n: number
    errors: number
    mean: (Bounds & { value: number }) | null
    median: number | null
    passRate: (Bounds & { value: number }) | null
    passMark: { at: number; note: string }
    copyRate: number | null
  }[]
  scores: (Bounds & { metric: string; cohort: string; n: number; errors: number; mean: number })[]
}

/** An evaluation, how far it is, and its metrics with their 95% intervals. */
export function showEvaluation(evaluation: Shown, byCohort: boolean): string[] {
  const { evaluationId, status, target, source, rows, errors, reused, createdAt, progress } = evaluation
  const { costUsd, estimatedCostUsd } = evaluation
  const { totalRows, rowsPerSecond, secondsLeft, problem } = progress
  const pace = rowsPerSecond === null ? '' : `, ${Math.max(1, Math.round(rowsPerSecond))} a second`
  const left = secondsLeft === null ? '' : `, about ${Math.ceil(secondsLeft)} s left`
  const estimated = estimatedCostUsd === null ? '' : `, estimated ${usd(estimatedCostUsd)}`
  return [
    `${evaluationId} ${status}`,
    ...indented([
      `${target} on ${source}, started ${showTime(createdAt)}`,
      `${rows} of ${Math.max(rows, totalRows)} rows${pace}${left}; ${reused} answers taken over; ${errors} scores could not be given`,
      `cost ${usd(costUsd)}${estimated}`,
      ...(problem === null ? [] : [`last problem: ${problem}`]),
    ]),
    ...evaluation.metrics.flatMap((metric) => [
      `${metric.metric} by ${metric.evaluator}`,
      ...indented([
        metric.mean === null
          ? `no scores, ${metric.errors} errors`
          : `mean ${interval(metric.mean)}, median ${three(metric.median ?? 0)}, ${metric.n} rows, ${metric.errors} errors`,
        ...(metric.passRate === null
          ? []
          : [`${interval(metric.passRate)} pass from ${metric.passMark.at} on (${metric.passMark.note})`]),
        ...(metric.copyRate === null
          ? []
          : [`answers copy ${three(metric.copyRate)} of the context’s words`]),
        ...(byCohort ? cohorts(evaluation.scores, metric.metric) : []),
      ]),
    ]),
  ]
}

function cohorts(scores: Shown['scores'], metric: string): string[] {
  return table(
    scores
      .filter((score) => score.metric === metric)
      .map(({ cohort, n, errors, mean, lower, upper }) => [
        cohort,
        n === 0 ? '-' : interval({ value: mean, lower, upper }),
        `${n} rows`,
        `${errors} errors`,
      ]),
  )
}

export interface RowShown {
  rowId: string
  cohort: string
  response?: string
  scores: Record<string, Evaluated>
}

/** Longer answers are cut: `--json` has them whole. */
const MAX_ANSWER = 300

export function showRow({ rowId, cohort, response, scores }: RowShown, metric: string | undefined): string[] {
  const wanted = Object.entries(scores).filter(([name]) => metric === undefined || name === metric)
  return [
    `${rowId} (${cohort})`,
    ...indented([
      `answer: ${response === undefined ? 'none' : cut(response)}`,
      ...wanted.map(([name, result]) =>
        'error' in result
          ? `${name} error: ${result.error}`
          : `${name} ${three(result.score)}: ${result.reason}`,
      ),
    ]),
  ]
}

interface ComparisonShown {
  rows: number
  lines: { metric: string; cohort: string | null; outcome: string; sentence: string; power: number | null }[]
  changes: {
    metric: string
    passToFail: number
    failToPass: number
    worst: {
      rowId: string
      cohort: string
      candidate: number
      production: number
      flip: string | null
      answer: string | null
      otherAnswer: string | null
    }[]
  }[]
}

/** What differs between two evaluations, and the rows that fell the most. */
export function showComparison({ rows, lines, changes }: ComparisonShown): string[] {
  const overall = lines.filter(({ cohort, outcome }) => cohort === null || outcome === 'worse')
  return [
    `${rows} rows in common`,
    ...overall.map(
      ({ outcome, sentence, power }) =>
        `${outcome}: ${sentence}${power === null ? '' : ` Power ${power.toFixed(2)}.`}`,
    ),
    ...changes.flatMap(({ metric, passToFail, failToPass, worst }) => [
      `${metric}: ${passToFail} rows pass no more, ${failToPass} pass now`,
      ...indented(
        worst.flatMap((row) => [
          `${row.rowId} (${row.cohort}) ${three(row.production)} → ${three(row.candidate)}${row.flip === 'pass_to_fail' ? ', passes no more' : ''}`,
          ...indented([`was: ${cut(row.otherAnswer ?? 'none')}`, `now: ${cut(row.answer ?? 'none')}`]),
        ]),
      ),
    ]),
  ]
}

/** Dollars; small amounts with more digits. */
export function usd(amount: number): string {
  return `$${amount > 0 && amount < 1 ? amount.toPrecision(2) : amount.toFixed(2)}`
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > MAX_ANSWER ? `${line.slice(0, MAX_ANSWER)}…` : line
}

function interval({ value, lower, upper }: Bounds & { value: number }): string {
  return `${three(value)} (${three(lower)} to ${three(upper)})`
}

function three(value: number): string {
  return value.toFixed(3)
}
