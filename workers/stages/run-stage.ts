import { ProblemError } from '../../domain/problem.ts'
import type { ReportedEvent } from '../../domain/run/event.ts'
import { attemptFailed, produced } from '../../domain/run/report.ts'
import type { StageKind } from '../../domain/stages/contracts.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { requestApproval } from '../gates/approvals.ts'
import { assertWaiversLive } from '../gates/lapsed-waiver.ts'
import { runEnded } from '../runs/run-ended.ts'
import { earlierResult } from './earlier-result.ts'
import { paramsOf, type StageExecutor, type StageJob } from './executor.ts'
import { evaluateGates } from './gates.ts'
import type { StageMessage } from './message.ts'
import { EXECUTORS } from './registry.ts'
import { slotFor } from './slot.ts'

type StageActionMessage = Extract<StageMessage, { stage: string }>

/** Least time between two signs of life. */
const REPORT_EVERY_MS = 1_000

/** Carries out what an effect of a run asks for, and reports what came of it. */
export async function runStage(env: Env, message: StageMessage): Promise<void> {
  const run = env.WORKFLOW_RUN.getByName(message.runId)
  if (message.action === 'ended') {
    await runEnded(env, message.runId)
    return run.acknowledge(message.effectId)
  }
  if (message.action === 'cancel') {
    const context = await run.context(message.stage, message.attempt, true)
    const job = context && jobOf(env, context)
    if (job) await executorOf(job).cancel?.(env, job)
    return run.acknowledge(message.effectId)
  }
  const events = await act(env, message)
  if (events.length > 0) await run.report(events)
}

/**
 * Carries out one action of a stage. A message that asks for what is done, or for an attempt which is over, does nothing.
 * A refusal (`ProblemError`) is reported; anything else, a broken setting of the Worker included, is thrown, so that the
 * queue delivers the message again: what fails every time ends in the dead letters, and the attempt with it.
 */
async function act(env: Env, message: StageActionMessage): Promise<ReportedEvent[]> {
  const { stage, attempt, action, effectId } = message
  const run = env.WORKFLOW_RUN.getByName(message.runId)
  const context = await run.begin(action, stage, attempt)
  if (!context) return []
  try {
    const job = jobOf(env, context)
    switch (action) {
      case 'execute':
        return [await execute(env, job, effectId)]
      case 'gates':
        return await evaluateGates(env, job)
      case 'approval':
        await requestApproval(env, job)
        await run.acknowledge(effectId)
        return []
      case 'commit':
        return [await commit(env, job)]
      default: {
        const detail = (await executorOf(job).compensate?.(env, job)) ?? 'nothing to undo'
        const event = { type: 'stage.compensated', stage, attempt, detail } as const
        return [{ dedupeKey: `compensated:${stage}`, event }]
      }
    }
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code === 'config.invalid') {
      await noteFault(env, message, error)
      throw error
    }
    if (action === 'compensate') throw error
    const during = action === 'execute' ? 'work' : 'judgement'
    const key = during === 'work' ? 'failed' : `failed-${action}`
    const failure = { code: error.code, message: error.message }
    return [attemptFailed({ stage, attempt }, failure, error.status >= 500, { key, during })]
  }
}

async function execute(env: Env, job: StageJob<StageKind>, effectId: number): Promise<ReportedEvent> {
  const { stage, attempt, definition } = job
  const earlier = await earlierResult(env, job)
  if (earlier) return produced(job, earlier.outputs, { runId: earlier.runId, stage: earlier.stage })
  const slot = definition.pool === undefined ? undefined : await slotFor(env, job, definition.pool)
  const outcome =
    slot && !slot.held
      ? ({ status: 'waiting', waitingFor: slot.waitingFor, queued: true } as const)
      : await executorOf(job).execute(env, job)
  if (outcome.status === 'produced') return produced(job, outcome.outputs)
  if (outcome.status === 'failed') return attemptFailed(job, outcome.error, outcome.retryable)
  const { waitingFor, queued = false } = outcome
  return {
    dedupeKey: `waiting:${stage}:${attempt}:${effectId}`,
    event: { type: 'stage.waiting', stage, attempt, waitingFor, ...(queued ? { queued } : {}) },
  }
}

/** Refusals that mean: production is not any more what the stage was judged against. */
const OUTDATED: ReadonlySet<string> = new Set(['fence.stale', 'alias.moved', 'route.moved'])

async function commit(env: Env, job: StageJob<StageKind>): Promise<ReportedEvent> {
  const { stage, attempt } = job
  // One that was live when the gates were run may have ended while a person was asked.
  await assertWaiversLive(env, { runId: job.run.runId, stage, attempt }, Date.now())
  try {
    await executorOf(job).commit?.(env, job)
    return { dedupeKey: `committed:${stage}:${attempt}`, event: { type: 'stage.committed', stage, attempt } }
  } catch (error) {
    if (!(error instanceof ProblemError) || !OUTDATED.has(error.code)) throw error
    const event = { type: 'stage.outdated', stage, attempt, cause: error.message } as const
    return { dedupeKey: `outdated:${stage}:${attempt}`, event }
  }
}

/** What went wrong in our own house stands in the stage's log, as far as that can be written. */
async function noteFault(env: Env, { runId, stage, attempt, action }: StageActionMessage, error: unknown) {
  const message = `${action}: ${error instanceof Error ? error.message : String(error)}`
  console.error({ message: 'stage action failed', runId, stage, attempt, error: message })
  try {
    await env.WORKFLOW_RUN.getByName(runId).log([{ stage, attempt, level: 'error', message, fields: {} }])
  } catch {
    // The run's object may be what fails.
  }
}

function executorOf(job: StageJob<StageKind>): StageExecutor<StageKind> {
  return EXECUTORS[job.definition.kind] as unknown as StageExecutor<StageKind>
}

function jobOf(env: Env, context: StageContext): StageJob<StageKind> {
  const { stage, attempt, run, definition } = context
  let reportedAt = 0
  return {
    ...context,
    params: paramsOf(definition.kind, context),
    report: async (progress, message) => {
      if (Date.now() - reportedAt < REPORT_EVERY_MS) return
      reportedAt = Date.now()
      await env.WORKFLOW_RUN.getByName(run.runId).heartbeat(stage, attempt, progress, message)
    },
    log: async (level, message, fields = {}) => {
      await env.WORKFLOW_RUN.getByName(run.runId).log([{ stage, attempt, level, message, fields }])
    },
  }
}
