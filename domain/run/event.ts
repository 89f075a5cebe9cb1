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
  z.object({ type: z.literal('stage.started'), ...ofStage }),
  z.object({ type: z.literal('stage.waiting'), ...ofStage, waitingFor: z.string() }),
  /** What the stage waited for is there: it goes on in the same attempt. */
  z.object({ type: z.literal('stage.resumed'), ...ofStage, cause: z.string() }),
  z.object({ type: z.literal('stage.produced'), ...ofStage, outputs: z.record(z.string(), Json) }),
  z.object({ type: z.literal('stage.attempt_failed'), ...ofStage, error: Failure, retryable: z.boolean() }),
  z.object({ type: z.literal('stage.timed_out'), ...ofStage }),
  z.object({ type: z.literal('stage.retry_due'), ...ofStage }),
  z.object({
    type: z.literal('gate.evaluated'),
    ...ofStage,
    gate: z.string(),
    verdict: z.enum(VERDICTS),
    blocks: z.boolean(),
    sentence: z.string(),
  }),
  z.object({ type: z.literal('stage.committed'), ...ofStage }),
  z.object({ type: z.literal('stage.compensated'), ...ofStage, detail: z.string() }),
])
export type RunEvent = z.infer<typeof RunEvent>
export type RunEventType = RunEvent['type']

/** An event as a sender hands it over. */
export interface ReportedEvent {
  dedupeKey: string
  event: RunEvent
}
