import { copyRateOf } from '../../domain/evaluation/copy-rate.ts'
import { numbersOf } from '../../domain/evaluation/flips.ts'
import type { RowScores } from '../../domain/evaluation/score.ts'
import type { PairedRow } from '../../domain/gates/no-regression.ts'
import type { Env } from '../env.ts'
import { scoresPrefix } from '../registry/keys.ts'
import { readNdjson } from '../registry/ndjson.ts'
import { listKeys } from './list-keys.ts'

/** Score shards of an evaluation, one in memory at a time. */
export async function* scoreShards(
  env: Env,
  project: string,
  evaluationId: string,
): AsyncGenerator<RowScores[]> {
  for await (const key of listKeys(env, scoresPrefix(project, evaluationId)))
    yield await readNdjson<RowScores>(env.ARTIFACTS, key)
}

/**
 * The scores of two evaluations side by side, on the rows that both have; only the numbers are kept in memory. Both must
 * come from the same evaluators, engines, versions and parameters: who calls this has to see to it.
 */
export async function pairedRows(
  env: Env,
  project: string,
  candidateId: string,
  productionId: string,
): Promise<PairedRow[]> {
  const production = new Map<string, { numbers: Record<string, number>; copyRate: number | undefined }>()
  for await (const rows of scoreShards(env, project, productionId)) {
    for (const row of rows) production.set(row.rowId, { numbers: numbersOf(row), copyRate: rowCopyRate(row) })
  }
  const paired: PairedRow[] = []
  for await (const rows of scoreShards(env, project, candidateId)) {
    for (const row of rows) {
      const other = production.get(row.rowId)
      if (!other) continue
      const pairs = Object.fromEntries(
        Object.entries(numbersOf(row)).flatMap(([metric, candidate]) =>
          metric in other.numbers ? [[metric, { candidate, production: other.numbers[metric]! }]] : [],
        ),
      )
      const [own, theirs] = [rowCopyRate(row), other.copyRate]
      paired.push({
        cohort: row.cohort,
        cluster: row.conversation ?? row.rowId,
        row: row.rowId,
        pairs,
        ...(own === undefined || theirs === undefined
          ? {}
          : { copyRate: { candidate: own, production: theirs } }),
      })
    }
  }
  return paired
}

/** By the first evaluator that says. */
function rowCopyRate({ scores }: RowScores): number | undefined {
  return Object.values(scores)
    .map(copyRateOf)
    .find((rate) => rate !== undefined)
}
