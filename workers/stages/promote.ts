import { afterUndo } from '../../domain/lock/undo.ts'
import { formatRef, parseRef } from '../../domain/ref.ts'
import type { Suite } from '../../domain/evaluation/suite.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { lineage } from '../lineage/db.ts'
import { aliasHistory, fenceOff, moveAlias } from '../registry/aliases.ts'
import { readAlias } from '../registry/artifacts.ts'
import { announce } from '../triggers/announce.ts'
import { startOrReuse } from './evaluate.ts'
import { inputOf, type StageExecutor, type StageJob } from './executor.ts'
import { assertHeld, lockFor, withPreemptedLock } from './gate-lock.ts'

/**
 * Compares the candidate with what is in production while the gate lock is held, and points the alias at it once the
 * gates have passed.
 */
export const promote: StageExecutor<'promote'> = {
  async execute(env, job) {
    const target = aliasOf(job)
    const lock = await lockFor(env, job, target)
    if (!lock.held) return { status: 'waiting', waitingFor: lock.waitingFor, queued: true }
    const current = await readAlias(lineage(env.LINEAGE), job.run.project, target)
    const model = inputOf(job, 'model')
    const { source, suite } = await evaluationOf(env, job, model)
    const { kind, name } = parseRef(model)
    const production = current ? formatRef(kind, name, current.version) : null
    const outputs = { model, production, fence: lock.token }
    if (production === null || production === model) {
      return { status: 'produced', outputs: { ...outputs, productionEvaluation: null } }
    }
    const productionEvaluation = await startOrReuse(env, job, {
      target: production,
      source,
      suite,
      as: 'resumed',
    })
    return productionEvaluation
      ? { status: 'produced', outputs: { ...outputs, productionEvaluation } }
      : { status: 'waiting', waitingFor: 'the evaluation of production on the same rows' }
  },

  async commit(env, job) {
    const { production, fence } = job.outputs as { production: string | null; fence: number }
    const from = production === null ? null : parseRef(production).version
    const to = parseRef(inputOf(job, 'model')).version
    if (from === to) return
    // A repeated message: the move was made under this very token, which may have lapsed since.
    const current = await readAlias(lineage(env.LINEAGE), job.run.project, aliasOf(job))
    if (current?.version === to && current.fence === fence) return
    await assertHeld(env, job, aliasOf(job), fence)
    await moveAlias(env.LINEAGE, {
      ...moveBy(job, fence),
      from,
      to,
      reason: 'all gates of the promotion passed',
    })
    announce(env, { kind: 'alias', project: job.run.project, subject: aliasOf(job) })
  },

  async compensate(env, job) {
    const alias = aliasOf(job)
    // A commit that is still on its way must come too late, before it is looked whether there is anything to undo.
    await withPreemptedLock(env, job, alias, (fence) => fenceOff(env.LINEAGE, moveBy(job, fence), job.stage))
    return withPreemptedLock(env, job, alias, async (fence) => {
      const { moves, undone } = await aliasHistory(lineage(env.LINEAGE), job.run.project, alias)
      const undo = afterUndo(moves, undone)
      if (!undo) return `${alias} was not moved by this stage, or moved on: left as it is`
      await moveAlias(env.LINEAGE, {
        ...moveBy(job, fence),
        ...undo,
        reason: 'the run failed after the promotion',
      })
      const { kind, name } = parseRef(alias)
      return `${alias} points at ${undo.to === null ? 'nothing' : formatRef(kind, name, undo.to)} again`
    })
  },
}

/** The alias that the stage moves, which is also the target of its gate lock. */
function aliasOf(job: StageJob<'promote'>): string {
  return formatRef('model', parseRef(inputOf(job, 'model')).name, job.params.alias)
}

function moveBy(job: StageJob<'promote'>, fence: number) {
  const { project, runId } = job.run
  return { project, alias: aliasOf(job), fence, actor: job.definition.owner, runId, at: Date.now() }
}

/** What the model was evaluated on. An evaluation of anything else says nothing of it. */
async function evaluationOf(
  env: Env,
  job: StageJob<'promote'>,
  model: string,
): Promise<{ source: string; suite: Suite }> {
  const evaluationId = inputOf(job, 'evaluation')
  const row = await getEvaluation(lineage(env.LINEAGE), job.run.project, evaluationId)
  if (row.target !== model || row.mode !== 'offline' || row.status !== 'finished') {
    const what = `${evaluationId} is ${row.status}: an ${row.mode} evaluation of ${row.target}`
    throw new ProblemError('evaluation.other', `${what}, where one of ${model} is needed`)
  }
  return { source: row.source, suite: row.suite as unknown as Suite }
}
