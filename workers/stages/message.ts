import * as z from 'zod'
import { RUN_ACTIONS, STAGE_ACTIONS } from '../../domain/run/effect.ts'

const base = {
  runId: z.string(),
  /** Of the outbox row that this message delivers. */
  effectId: z.number().int(),
}

/** What an effect of a run asks for: work on a stage, or on the run as a whole. */
export const StageMessage = z.union([
  z.object({ ...base, action: z.enum(STAGE_ACTIONS), stage: z.string(), attempt: z.number().int() }),
  z.object({ ...base, action: z.enum(RUN_ACTIONS) }),
])
export type StageMessage = z.infer<typeof StageMessage>
