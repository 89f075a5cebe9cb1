import { addShard, flipsOf, NO_CHANGES, numbersOf, type RowNumbers } from '../../domain/evaluation/flips.ts'
import { compareCopyRates } from '../../domain/evaluation/copy-rate.ts'
import { scoreKey } from '../../domain/evaluation/score-key.ts'
import type { RowScores } from '../../domain/evaluation/score.ts'
import { metricEvaluator, type Suite } from '../../domain/evaluation/suite.ts'
import {
  cohortLines,
  overallLines,
  type LineParams,
  type PairedRow,
} from '../../domain/gates/regression-lines.ts'
import { describe } from '../../domain/gates/regression-words.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'
import type { evaluations } from '../lineage/schema.ts'
import { scoresPrefix } from '../registry/keys.ts'
import { ndjsonLines } from '../registry/ndjson-lines.ts'
import { listKeys } from './list-keys.ts'
import { pairedRows, scoreShards } from './paired-rows.ts'

type EvaluationRow = typeof evaluations.$inferSelect

export interface ComparisonOptions {
  /** These alone; all that both have when absent. */
  metrics: string[] | undefined
  /** Rows shown on each list. */
  limit: number
  margin: number
  cohortMargin: number
  minCohortRows: number
  alpha: number
}

/** A longer answer is cut: the whole one stands with the evaluation's rows. */
const MAX_SHOWN_CHARS = 4_000
/** Gains that no better model is likely to have. */
const SUSPICIOUS_GAIN = 0.2

/**
 * Two evaluations on the rows that both have: by metric and cohort, and row by row, worst first, with both answers. Only
 * scores by the same evaluator, version, engine and parameters are compared.
 *
 * @throws ProblemError `evaluation.other`
 */
export async function compareEvaluations(
  env: Env,
  candidate: EvaluationRow,
  other: EvaluationRow,
  options: ComparisonOptions,
) {
  const metrics = comparableMetrics(candidate, other, options.metrics)
  const { projectId: project, evaluationId, passMarks } = candidate
  const rows = (await pairedRows(env, project, evaluationId, other.evaluationId)).map((row) =>
    only(row, metrics),
  )
  if (rows.length === 0)
    throw new ProblemError(
      'evaluation.other',
      `${evaluationId} is of ${candidate.source} and ${other.evaluationId} of ${other.source}: they have no row in common`,
    )
  const { limit, alpha, ...bounds } = options
  const params: LineParams = {
    ...bounds,
    metrics,
    alpha,
    compare: 'scores',
    suspiciousGain: SUSPICIOUS_GAIN,
    seed: 1,
  }
  const lines = [
    ...overallLines(rows, params, alpha, passMarks),
    ...cohortLines(rows, params, passMarks),
  ].map((line) => ({ ...line, sentence: `${describe(line)}.` }))
  return {
    candidate: side(candidate),
    other: side(other),
    rows: rows.length,
    lines,
    copyRate: compareCopyRates(
      rows.flatMap(({ cluster, copyRate }) => (copyRate ? [{ cluster, ...copyRate }] : [])),
    ),
    changes: await changesOf(env, candidate, other, metrics, limit),
  }
}

/** Which metrics both have alike. Those that are asked for and differ are refused, and so is a pair that has none. */
function comparableMetrics(
  candidate: EvaluationRow,
  other: EvaluationRow,
  asked: string[] | undefined,
): string[] {
  const [mine, theirs] = [candidate.suite as unknown as Suite, other.suite as unknown as Suite]
  const faults: string[] = []
  const comparable = mine.metrics.flatMap((metric) => {
    if (asked && !asked.includes(metric.metric)) return []
    const there = theirs.metrics.find((each) => each.metric === metric.metric)
    if (!there) {
      if (asked) faults.push(`${other.evaluationId} has no metric ${metric.metric}`)
      return []
    }
    const [own, its] = [metricEvaluator(metric), metricEvaluator(there)]
    if (own !== its) faults.push(`${metric.metric} is by ${own} here and by ${its} there`)
    else if (scoreKey(metric, mine) !== scoreKey(there, theirs))
      faults.push(`${metric.metric} by ${own} has other parameters, another schema or another judge there`)
    return [metric.metric]
  })
  for (const name of asked ?? [])
    if (!mine.metrics.some(({ metric }) => metric === name))
      faults.push(`${candidate.evaluationId} has no metric ${name}`)
  if (comparable.length === 0) faults.push('they have no metric in common')
  if (faults.length === 0) return comparable
  throw new ProblemError(
    'evaluation.other',
    `${faults.join('; ')}: evaluate both by the same suite, or name the metrics that are alike`,
    { faults },
  )
}

function only({ pairs, ...row }: PairedRow, metrics: readonly string[]): PairedRow {
  const wanted = Object.entries(pairs).filter(([metric]) => metrics.includes(metric))
  return { ...row, pairs: Object.fromEntries(wanted) }
}

function side({ evaluationId, target, source }: EvaluationRow) {
  return { evaluationId, target, source }
}

async function changesOf(
  env: Env,
  candidate: EvaluationRow,
  other: EvaluationRow,
  metrics: readonly string[],
  limit: number,
) {
  const { projectId: project, passMarks } = candidate
  const numbers = new Map<string, RowNumbers>()
  for await (const shard of scoreShards(env, project, other.evaluationId))
    for (const row of shard) numbers.set(row.rowId, numbersOf(row))
  let changes = NO_CHANGES
  for await (const shard of scoreShards(env, project, candidate.evaluationId))
    changes = addShard(changes, shard, (rowId) => numbers.get(rowId), { passMarks, limit })
  numbers.clear()
  const flips = flipsOf(changes).filter(({ metric }) => metrics.includes(metric))
  const wanted = new Set(flips.flatMap(({ worst, best }) => [...worst, ...best].map(({ rowId }) => rowId)))
  const mine = await answersOf(env, candidate, wanted)
  const theirs = await answersOf(env, other, wanted)
  const beside = (metric: string) => (change: (typeof flips)[number]['worst'][number]) => ({
    ...change,
    answer: mine.get(change.rowId)?.response ?? null,
    otherAnswer: theirs.get(change.rowId)?.response ?? null,
    reason: reasonOf(mine.get(change.rowId), metric),
    otherReason: reasonOf(theirs.get(change.rowId), metric),
  })
  return flips.map(({ worst, best, ...counts }) => ({
    ...counts,
    worst: worst.map(beside(counts.metric)),
    best: best.map(beside(counts.metric)),
  }))
}

function reasonOf(row: RowScores | undefined, metric: string): string | null {
  const result = row?.scores[metric]
  return result && 'score' in result ? result.reason : null
}

/** The rows with these ids, their answers cut. Lines that are not wanted are not parsed. */
async function answersOf(
  env: Env,
  { projectId, evaluationId }: EvaluationRow,
  wanted: ReadonlySet<string>,
): Promise<Map<string, RowScores>> {
  const found = new Map<string, RowScores>()
  for await (const key of listKeys(env, scoresPrefix(projectId, evaluationId))) {
    if (found.size === wanted.size) break
    for await (const line of ndjsonLines(env.ARTIFACTS, key)) {
      const id = /^\{"rowId":("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
      if (id === undefined || !wanted.has(JSON.parse(id) as string)) continue
      const row = JSON.parse(line) as RowScores
      if (row.response !== undefined) row.response = row.response.slice(0, MAX_SHOWN_CHARS)
      found.set(row.rowId, row)
    }
  }
  return found
}
