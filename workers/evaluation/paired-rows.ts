import type { RowScores } from '../../domain/evaluation/score.ts'
import type { PairedRow } from '../../domain/gates/no-regression.ts'
import type { Env } from '../env.ts'
import { scoresPrefix } from '../registry/keys.ts'
import { readNdjson } from '../registry/ndjson.ts'

/** Score shards of an evaluation, one in memory at a time. */
export async function* scoreShards(
  env: Env,
  project: string,
  evaluationId: string,
): AsyncGenerator<RowScores[]> {
  let cursor: string | undefined
  do {
    const page = await env.ARTIFACTS.list({
      prefix: scoresPrefix(project, evaluationId),
      ...(cursor ? { cursor } : {}),
    })
    for (const { key } of page.objects) yield await readNdjson<RowScores>(env.ARTIFACTS, key)
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor !== undefined)
}

/** The scores of two evaluations side by side, on the rows that both have; only the numbers are kept in memory. */
export async function pairedRows(
  env: Env,
  project: string,
  candidateId: string,
  productionId: string,
): Promise<PairedRow[]> {
  const production = new Map<string, Record<string, number>>()
  for await (const rows of scoreShards(env, project, productionId)) {
    for (const row of rows) production.set(row.rowId, numbersOf(row))
  }
  const paired: PairedRow[] = []
  for await (const rows of scoreShards(env, project, candidateId)) {
    for (const row of rows) {
      const other = production.get(row.rowId)
      if (!other) continue
      const pairs = Object.fromEntries(
        Object.entries(numbersOf(row)).flatMap(([metric, candidate]) =>
          metric in other ? [[metric, { candidate, production: other[metric]! }]] : [],
        ),
      )
      paired.push({ cohort: row.cohort, cluster: row.rowId, pairs })
    }
  }
  return paired
}

function numbersOf({ scores }: RowScores): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores).flatMap(([metric, result]) => ('score' in result ? [[metric, result.score]] : [])),
  )
}
