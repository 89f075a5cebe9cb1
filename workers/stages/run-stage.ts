import { ProblemError } from '../../domain/problem.ts'
import type { ReportedEvent } from '../../domain/run/event.ts'
import type { StageKind } from '../../domain/stages/contracts.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { paramsOf, type StageExecutor, type StageJob } from './executor.ts'
import { evaluateGates } from './gates.ts'
import type { StageMessage } from './message.ts'
import { EXECUTORS } from './registry.ts'

/** Least time between two signs of life. */
const REPORT_EVERY_MS = 1_000

/**
 * Carries out one stage action and reports what came of it. A message that speaks of an attempt which is over does
 * nothing. A refusal (`ProblemError`) is reported; anything else is thrown while committing or undoing, so that the
 * queue delivers the message again.
 */
export async function runStage(env: Env, message: StageMessage): Promise<void> {
  const run = env.WORKFLOW_RUN.getByName(message.runId)
  const { stage, attempt, action } = message
  const context = await run.context(stage, attempt, action === 'cancel')
  if (action === 'cancel') {
    const job = context && jobOf(env, context)
    if (job) await executorOf(job).cancel?.(env, job)
    return run.acknowledge(message.effectId)
  }
  if (!context) return
  const report = async (...events: ReportedEvent[]) => void (await run.report(events))
  const job = jobOf(env, context)
  try {
    const of = { stage, attempt }
    if (action === 'execute') {
      await report({ dedupeKey: `started:${stage}:${attempt}`, event: { type: 'stage.started', ...of } })
      await report(...(await execute(env, job, message.effectId)))
    } else if (action === 'gates') {
      await report(...(await evaluateGates(env, job)))
    } else if (action === 'commit') {
      await executorOf(job).commit?.(env, job)
      await report({ dedupeKey: `committed:${stage}:${attempt}`, event: { type: 'stage.committed', ...of } })
    } else {
      const detail = (await executorOf(job).compensate?.(env, job)) ?? 'nothing to undo'
      await report({ dedupeKey: `compensated:${stage}`, event: { type: 'stage.compensated', ...of, detail } })
    }
  } catch (error) {
    if (!(error instanceof ProblemError) && action !== 'execute') throw error
    if (action === 'compensate') throw error
    await report(failure(stage, attempt, error))
  }
}

async function execute(env: Env, job: StageJob<StageKind>, effectId: number): Promise<ReportedEvent[]> {
  const { stage, attempt } = job
  const outcome = await executorOf(job).execute(env, job)
  return outcome.status === 'produced'
    ? [
        {
          dedupeKey: `produced:${stage}:${attempt}`,
          event: { type: 'stage.produced', stage, attempt, outputs: outcome.outputs },
        },
      ]
    : [
        {
          dedupeKey: `waiting:${stage}:${attempt}:${effectId}`,
          event: { type: 'stage.waiting', stage, attempt, waitingFor: outcome.waitingFor },
        },
      ]
}

/** The same code and message for every failure of an attempt, so that a run always says why. */
export function failure(stage: string, attempt: number, error: unknown): ReportedEvent {
  const refusal = error instanceof ProblemError ? error : undefined
  if (!refusal) console.error({ message: 'stage failed', stage, attempt, error: String(error) })
  return {
    dedupeKey: `failed:${stage}:${attempt}`,
    event: {
      type: 'stage.attempt_failed',
      stage,
      attempt,
      error: {
        code: refusal?.code ?? 'internal',
        message: error instanceof Error ? error.message : String(error),
      },
      retryable: !refusal || refusal.status >= 500,
    },
  }
}

function executorOf(job: StageJob<StageKind>): StageExecutor<StageKind> {
  return EXECUTORS[job.definition.kind] as unknown as StageExecutor<StageKind>
}

function jobOf(env: Env, context: StageContext): StageJob<StageKind> {
  let reportedAt = 0
  return {
    ...context,
    params: paramsOf(context.definition.kind, context),
    report: async (progress, message) => {
      if (Date.now() - reportedAt < REPORT_EVERY_MS) return
      reportedAt = Date.now()
      const run = env.WORKFLOW_RUN.getByName(context.run.runId)
      await run.heartbeat(context.stage, context.attempt, progress, message)
    },
  }
}
