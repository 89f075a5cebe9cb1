import * as z from 'zod'
import { STAGE_ACTIONS } from '../../domain/run/effect.ts'

export const StageMessage = z.object({
  runId: z.string(),
  /** Of the outbox row that this message delivers. */
  effectId: z.number().int(),
  action: z.enum(STAGE_ACTIONS),
  stage: z.string(),
  attempt: z.number().int(),
})
export type StageMessage = z.infer<typeof StageMessage>
