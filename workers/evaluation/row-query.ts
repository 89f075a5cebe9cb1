import { passMarkOf, type PassMarks, type RowScores } from '../../domain/evaluation/score.ts'
import type { Env } from '../env.ts'
import { scoresPrefix } from '../registry/keys.ts'
import { ndjsonLines } from '../registry/ndjson-lines.ts'
import { listKeys } from './list-keys.ts'

/** Which rows of an evaluation are wanted. */
export interface RowQuery {
  cohort?: string | undefined
  /** Looks at this metric alone; at all when absent. */
  metric?: string | undefined
  /** Rows below the pass mark. */
  failed: boolean
  /** Rows that could not be scored. */
  errors: boolean
}

/** Shards that one page reads at most: where few rows match, the next page goes on. */
const MAX_SHARDS_A_PAGE = 20

export function isWanted(row: RowScores, query: RowQuery, passMarks: PassMarks): boolean {
  if (query.cohort !== undefined && row.cohort !== query.cohort) return false
  const results = Object.entries(row.scores).filter(
    ([metric]) => query.metric === undefined || metric === query.metric,
  )
  if (results.length === 0) return false
  if (!query.failed && !query.errors) return true
  return results.some(([metric, result]) =>
    'error' in result
      ? query.errors
      : query.failed && result.score < passMarkOf(passMarks, metric, row.cohort),
  )
}

/** Matching rows in the order of the shards, by whole shards until there are enough. `next` is where to go on. */
export async function pageOfRows(
  env: Env,
  prefix: { project: string; evaluationId: string },
  query: RowQuery,
  passMarks: PassMarks,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ rows: RowScores[]; next: string | null }> {
  const rows: RowScores[] = []
  let last = cursor
  for (let shards = 0; shards < MAX_SHARDS_A_PAGE; shards++) {
    const page = await env.ARTIFACTS.list({
      prefix: scoresPrefix(prefix.project, prefix.evaluationId),
      limit: 1,
      ...(last === undefined ? {} : { startAfter: last }),
    })
    const key = page.objects[0]?.key
    if (key === undefined) return { rows, next: null }
    for await (const row of rowsIn(env, key)) if (isWanted(row, query, passMarks)) rows.push(row)
    if (!page.truncated) return { rows, next: null }
    last = key
    if (rows.length >= limit) break
  }
  return { rows, next: last ?? null }
}

/**
 * The rows with the lowest scores, lowest first, rows with errors before all where they are wanted. Every shard is read,
 * and no more than `limit` rows are held.
 */
export async function worstRows(
  env: Env,
  { project, evaluationId }: { project: string; evaluationId: string },
  query: RowQuery,
  passMarks: PassMarks,
  limit: number,
): Promise<RowScores[]> {
  const worst: { score: number; row: RowScores }[] = []
  for await (const key of listKeys(env, scoresPrefix(project, evaluationId))) {
    for await (const row of rowsIn(env, key)) {
      if (!isWanted(row, query, passMarks)) continue
      const score = lowest(row, query)
      if (score === undefined || (worst.length === limit && score >= worst.at(-1)!.score)) continue
      const at = worst.findIndex((other) => score < other.score)
      worst.splice(at === -1 ? worst.length : at, 0, { score, row })
      if (worst.length > limit) worst.pop()
    }
  }
  return worst.map(({ row }) => row)
}

/** Undefined for a row of which nothing can be said. */
function lowest({ scores }: RowScores, { metric, errors }: RowQuery): number | undefined {
  const results = Object.entries(scores).filter(([name]) => metric === undefined || name === metric)
  const numbers = results.flatMap(([, result]) =>
    'error' in result ? (errors ? [Number.NEGATIVE_INFINITY] : []) : [result.score],
  )
  return numbers.length === 0 ? undefined : Math.min(...numbers)
}

async function* rowsIn(env: Env, key: string): AsyncGenerator<RowScores> {
  for await (const line of ndjsonLines(env.ARTIFACTS, key)) yield JSON.parse(line) as RowScores
}
