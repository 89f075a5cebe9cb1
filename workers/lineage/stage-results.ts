import { and, eq } from 'drizzle-orm'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import type { RunState } from '../../domain/run/state.ts'
import { isCached } from '../../domain/workflow/stage.ts'
import { resolveInputs, resolveSource, type RunRecord } from '../../domain/workflow/plan.ts'
import type { StageDefinition } from '../../domain/workflow/stage.ts'
import type { Lineage } from './db.ts'
import { stageResults } from './schema.ts'

/** Everything that what a stage makes depends on: its kind, the code, its parameters and its inputs. */
export function resultKey(
  codeSha: string,
  { kind, with: params, map, outputs }: StageDefinition,
  inputs: Record<string, Json>,
  items: Json = null,
): string {
  return contentHash({ kind, codeSha, params, inputs, items, map: map ?? null, outputs: outputs ?? null })
}

/** What was made of equal inputs by equal code before, and in which run. */
export async function findStageResult(db: Lineage, project: string, key: string) {
  const [row] = await db
    .select()
    .from(stageResults)
    .where(and(eq(stageResults.projectId, project), eq(stageResults.resultKey, key)))
  return row
}

/** Rows for what the stages of a run made; a stage that took over earlier work adds nothing. */
export function stageResultRows(
  run: RunRecord,
  state: RunState,
  { stages, codeSha }: { stages: ReadonlySet<string>; codeSha: string },
) {
  // The Worker was replaced while the run was under way: nobody can say which code did what.
  if (!isKnownCode(codeSha) || run.codeSha !== codeSha) return []
  return [...stages].flatMap((stage) => {
    const definition = run.definition.stages[stage]!
    const { status, outputs, finishedAt } = state.stages[stage]!
    const isWhole = !(typeof outputs.failed === 'number' && outputs.failed > 0)
    if (status !== 'passed' || !isCached(definition) || (definition.map && !isWhole)) return []
    const inputs = resolveInputs(run, state, definition)
    const items = definition.map ? resolveSource(run, state, definition.map.over) : null
    const key = resultKey(run.codeSha, definition, inputs, items)
    return [
      { projectId: run.project, resultKey: key, runId: run.runId, stage, outputs, createdAt: finishedAt! },
    ]
  })
}

/** Outside a checkout, or with changes that are in no commit, nobody can say that the code is the same. */
export function isKnownCode(codeSha: string): boolean {
  return /^[0-9a-f]{40}$/.test(codeSha)
}
