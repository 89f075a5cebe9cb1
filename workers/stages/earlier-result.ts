import { isCached } from '../../domain/workflow/stage.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { findStageResult, isKnownCode, resultKey } from '../lineage/stage-results.ts'

/**
 * What an earlier run made of equal inputs by equal code, when this stage may take it over: not when its author wanted
 * the work done anew, and not in a reproduction, which is there to do it again.
 */
export async function earlierResult(env: Env, job: StageContext) {
  const { run, stage, definition, inputs, items } = job
  if (!isCached(definition) || !isKnownCode(run.codeSha) || run.codeSha !== env.CODE_SHA) return undefined
  if (run.force.includes(stage) || run.reproduces) return undefined
  const key = resultKey(run.codeSha, definition, inputs, items)
  const found = await findStageResult(lineage(env.LINEAGE), run.project, key)
  return found && (found.runId !== run.runId || found.stage !== stage) ? found : undefined
}
