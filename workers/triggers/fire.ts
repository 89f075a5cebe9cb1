import { and, eq } from 'drizzle-orm'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RunStatus } from '../../domain/run/state.ts'
import type { Trigger } from '../../domain/workflow/trigger.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { triggers } from '../lineage/schema.ts'
import { runIdOf, startRun } from '../runs/start-run.ts'
import { chainLength, MAX_CHAIN } from './chain.ts'
import { hasFired, recordFiring } from './firings.ts'
import { unfired } from './unfired.ts'

export type TriggerRow = typeof triggers.$inferSelect

/** Something happened to this dataset, alias or route. What it was is looked up where it is recorded. */
export interface RecordedHappening {
  kind: 'dataset' | 'alias' | 'incident'
  project: string
  subject: string
}
export interface RunEnd {
  kind: 'run'
  project: string
  workflow: string
  runId: string
  status: RunStatus
}
/** What workflows may listen to. */
export type Happening = RecordedHappening | RunEnd

/** One thing that a trigger has to start a run for. */
export interface Occasion {
  trigger: TriggerRow
  /** Names the event for ever: a trigger starts one run for it, however often it is told. */
  event: string
  /** What the trigger's `input` gets. */
  ref?: string
  /** The run that made it happen. */
  causedBy?: string | null
}

/**
 * Starts a run for each trigger that listens to what happened. A repeated call starts none anew. A refusal of the start
 * is recorded as what the trigger came to; anything else that fails is thrown in the end, so that the caller tries again.
 */
export async function fireTriggers(env: Env, happening: Happening): Promise<void> {
  const now = Date.now()
  const occasions =
    happening.kind === 'run' ? await afterRun(env, happening) : await unfired(env.LINEAGE, now, happening)
  await fireEach(env, occasions, now)
}

/** Fires each on its own: one that fails does not stop the others. */
export async function fireEach(env: Env, occasions: readonly Occasion[], now: number): Promise<void> {
  const failures: unknown[] = []
  for (const occasion of occasions) {
    try {
      await fire(env, occasion, now)
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} triggers could not fire`)
}

/** @throws whatever is no refusal: the occasion has then not been recorded, and can be fired again */
export async function fire(env: Env, occasion: Occasion, now: number): Promise<void> {
  const { trigger, event, causedBy } = occasion
  const { projectId: project, workflow, workflowVersion } = trigger
  const key = `trigger/${workflow}/${trigger.trigger}/${event}`
  if (await hasFired(env.LINEAGE, occasion)) return
  try {
    await refuseLongChain(env, project, causedBy)
    const caller = { project, keyId: `trigger:${trigger.trigger}` }
    const cause = { by: 'trigger', trigger: trigger.trigger, event } as const
    const { runId } = await startRun(env, caller, {
      workflow,
      version: workflowVersion,
      inputs: inputsOf(occasion),
      key,
      cause,
    })
    await recordFiring(env.LINEAGE, occasion, { runId }, now)
  } catch (error) {
    // What is wrong inside Sluice may be right in a minute; what is wrong with the start will not be.
    if (!(error instanceof ProblemError) || error.status >= 500) throw error
    // Started before, when the workflow was another version, and not recorded.
    const outcome =
      error.code === 'key.reused' ? { runId: runIdOf(project, key) } : { refusal: error.message }
    await recordFiring(env.LINEAGE, occasion, outcome, now)
  }
}

function inputsOf({ trigger, ref }: Occasion): Record<string, Json> {
  const definition = trigger.definition as unknown as Trigger
  const input = 'input' in definition ? definition.input : undefined
  return { ...definition.inputs, ...(input !== undefined && ref !== undefined ? { [input]: ref } : {}) }
}

/** Workflows that trigger each other in a circle would never come to rest. */
async function refuseLongChain(
  env: Env,
  project: string,
  causedBy: string | null | undefined,
): Promise<void> {
  if (!causedBy) return
  if ((await chainLength(env.LINEAGE, project, causedBy)) <= MAX_CHAIN) return
  throw new ProblemError(
    'trigger.chain',
    `The run ${causedBy} is at the end of a chain of more than ${MAX_CHAIN} runs, each started by the one before: ` +
      'the triggers of these workflows form a circle. Take one of them away',
    { limit: MAX_CHAIN },
  )
}

async function afterRun(env: Env, run: RunEnd): Promise<Occasion[]> {
  const listening = await lineage(env.LINEAGE)
    .select()
    .from(triggers)
    .where(
      and(eq(triggers.projectId, run.project), eq(triggers.kind, 'run'), eq(triggers.subject, run.workflow)),
    )
  return listening
    .filter(({ definition }) => (definition as unknown as Trigger & { on: 'run' }).status === run.status)
    .map((trigger) => ({ trigger, event: run.runId, causedBy: run.runId }))
}
