import { Json } from '../json.ts'
import * as z from 'zod'
import { VERDICTS } from '../gates/verdict.ts'

const Failure = z.object({ code: z.string(), message: z.string(), stage: z.string().exactOptional() })
const ofStage = { stage: z.string(), attempt: z.number().int() }

/**
 * Everything that can happen to a run. `dedupeKey` makes a repeated report of one thing one event.
 * Events of a stage carry the attempt they speak of.
 */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run.started') }),
  z.object({ type: z.literal('run.cancel_requested'), actor: z.string(), reason: z.string() }),
  z.object({ type: z.literal('run.timed_out') }),
  z.object({ type: z.literal('run.paused'), actor: z.string(), reason: z.string() }),
  z.object({ type: z.literal('run.resumed'), actor: z.string() }),
  z.object({ type: z.literal('run.signalled'), signal: z.string(), actor: z.string(), payload: Json }),
  z.object({ type: z.literal('stage.started'), ...ofStage }),
  /** `queued`: for its turn, not for work that somebody does. */
  z.object({
    type: z.literal('stage.waiting'),
    ...ofStage,
    waitingFor: z.string(),
    queued: z.boolean().exactOptional(),
  }),
  /** What the stage waited for is there: it goes on in the same attempt. */
  z.object({ type: z.literal('stage.resumed'), ...ofStage, cause: z.string() }),
  z.object({
    type: z.literal('stage.produced'),
    ...ofStage,
    outputs: z.record(z.string(), Json),
    cachedFrom: z.object({ runId: z.string(), stage: z.string() }).exactOptional(),
  }),
  /** `during` work, a failure that comes after the work was handed in says nothing any more. */
  z.object({
    type: z.literal('stage.attempt_failed'),
    ...ofStage,
    error: Failure,
    retryable: z.boolean(),
    during: z.enum(['work', 'judgement']).exactOptional(),
  }),
  z.object({ type: z.literal('stage.timed_out'), ...ofStage }),
  z.object({ type: z.literal('stage.heartbeat_missed'), ...ofStage }),
  z.object({ type: z.literal('stage.retry_due'), ...ofStage }),
  z.object({
    type: z.literal('gate.evaluated'),
    ...ofStage,
    gate: z.string(),
    verdict: z.enum(VERDICTS),
    blocks: z.boolean(),
    sentence: z.string(),
  }),
  z.object({ type: z.literal('approval.expired'), ...ofStage }),
  z.object({ type: z.literal('stage.committed'), ...ofStage }),
  /** Production had moved since the stage was judged against it: it is judged anew, against what is there now. */
  z.object({ type: z.literal('stage.outdated'), ...ofStage, cause: z.string() }),
  z.object({ type: z.literal('stage.compensated'), ...ofStage, detail: z.string() }),
])
export type RunEvent = z.infer<typeof RunEvent>
export type StageEvent = Extract<RunEvent, { stage: string }>

/** An event as a sender hands it over. */
export interface ReportedEvent {
  dedupeKey: string
  event: RunEvent
}
