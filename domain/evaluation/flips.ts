import { mcnemarExact } from '../statistics/mcnemar.ts'
import { own } from '../own.ts'
import { passMarkOf, type PassMarks, type RowScores } from './score.ts'
import { DEFAULT_PASS_AT } from './suite.ts'

/** Differences below this are what is left of a mean of judgements after rounding. */
const ROUNDING = 1e-9

/** One row on which the two sides differ. */
export interface RowChange {
  rowId: string
  cohort: string
  candidate: number
  production: number
  /** candidate − production. */
  change: number
  flip: 'pass_to_fail' | 'fail_to_pass' | null
}

/** What changed of one metric, over the rows that were added so far. */
export interface MetricChanges {
  metric: string
  /** Of cohorts without a mark of their own. */
  passAt: number
  /** Rows that both sides have a score for. */
  rows: number
  /** Rows that only one of them has a score for: the other could not be scored. */
  unpaired: number
  passToFail: number
  failToPass: number
  improved: number
  regressed: number
  unchanged: number
  /** Rows that fell: those that no longer pass first, then by how far. No more of them than the limit. */
  worst: RowChange[]
  /** Rows that rose: those that pass now first, then by how far. No more of them than the limit. */
  best: RowChange[]
}

export interface FlipOptions {
  passMarks: PassMarks
  /** Rows kept on each list. */
  limit: number
}

/** The same by metric. Add shards with `addShard`, then read with `flipsOf`. */
export type Changes = ReadonlyMap<string, MetricChanges>

export const NO_CHANGES: Changes = new Map()

/** The scores of one row by metric: what of one side has to be kept while the other is read. */
export type RowNumbers = Readonly<Record<string, number>>

/**
 * Adds the rows of one shard of the candidate to what is known. Lists stay at the limit, so that memory does not grow
 * with the rows; in whatever order shards come, the result is the same.
 *
 * @param production scores of a row on the other side; undefined for a row that it does not have, which is left out
 */
export function addShard(
  changes: Changes,
  candidate: readonly RowScores[],
  production: (rowId: string) => RowNumbers | undefined,
  { passMarks, limit }: FlipOptions,
): Changes {
  const next = new Map([...changes].map(([metric, change]) => [metric, { ...change }]))
  const found = new Map<string, RowChange[]>()
  for (const row of candidate) {
    const other = production(row.rowId)
    if (!other) continue
    const numbers = numbersOf(row)
    for (const metric of new Set([...Object.keys(numbers), ...Object.keys(other)])) {
      const sums = next.get(metric) ?? emptyChanges(metric, own(passMarks, metric) ?? DEFAULT_PASS_AT)
      next.set(metric, sums)
      const [mine, theirs] = [numbers[metric], other[metric]]
      if (mine === undefined || theirs === undefined) {
        sums.unpaired += 1
        continue
      }
      const change = changeOf(row, mine, theirs, passMarkOf(passMarks, metric, row.cohort))
      count(sums, change)
      if (change.change !== 0) remember(found, metric, change)
    }
  }
  for (const [metric, rows] of found) {
    const sums = next.get(metric)!
    sums.worst = foremost([...sums.worst, ...rows.filter(({ change }) => change < 0)], limit)
    sums.best = foremost([...sums.best, ...rows.filter(({ change }) => change > 0)], limit)
  }
  return next
}

/** The scores that a row has; errors are none. */
export function numbersOf({ scores }: Pick<RowScores, 'scores'>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores).flatMap(([metric, result]) => ('score' in result ? [[metric, result.score]] : [])),
  )
}

/** By metric, in order, with the exact McNemar p-value that both sides pass equally often (rows as independent). */
export function flipsOf(changes: Changes): (MetricChanges & { mcnemarP: number })[] {
  return [...changes.values()]
    .toSorted((a, b) => (a.metric < b.metric ? -1 : 1))
    .map((change) => ({
      ...change,
      mcnemarP: mcnemarExact({ gained: change.failToPass, lost: change.passToFail }),
    }))
}

function emptyChanges(metric: string, passAt: number): MetricChanges {
  return {
    metric,
    passAt,
    rows: 0,
    unpaired: 0,
    passToFail: 0,
    failToPass: 0,
    improved: 0,
    regressed: 0,
    unchanged: 0,
    worst: [],
    best: [],
  }
}

function changeOf(
  { rowId, cohort }: RowScores,
  candidate: number,
  production: number,
  passAt: number,
): RowChange {
  const [passes, passed] = [candidate >= passAt, production >= passAt]
  const flip = passes === passed ? null : passes ? 'fail_to_pass' : 'pass_to_fail'
  const change = candidate - production
  return { rowId, cohort, candidate, production, change: Math.abs(change) < ROUNDING ? 0 : change, flip }
}

function count(sums: MetricChanges, { change, flip }: RowChange): void {
  sums.rows += 1
  if (flip === 'pass_to_fail') sums.passToFail += 1
  if (flip === 'fail_to_pass') sums.failToPass += 1
  if (change > 0) sums.improved += 1
  else if (change < 0) sums.regressed += 1
  else sums.unchanged += 1
}

function foremost(rows: readonly RowChange[], limit: number): RowChange[] {
  return rows
    .toSorted(
      (a, b) =>
        Number(b.flip !== null) - Number(a.flip !== null) ||
        Math.abs(b.change) - Math.abs(a.change) ||
        (a.rowId < b.rowId ? -1 : 1),
    )
    .slice(0, limit)
}

function remember(found: Map<string, RowChange[]>, metric: string, change: RowChange): void {
  const rows = found.get(metric)
  if (rows) rows.push(change)
  else found.set(metric, [change])
}
