import * as z from 'zod'
import { AgentAnswer, Message, SPLITS } from './transcript.ts'

/**
 * A row's `data` after feature processing: the rendered prompt and the completion to learn or to be judged against.
 * `context` is the knowledge as lines, without their numbers: what evaluators hold an answer against.
 */
export const Example = z.object({
  split: z.enum(SPLITS),
  prompt: z.array(Message).min(1),
  context: z.array(z.string()),
  completion: AgentAnswer,
})
export type Example = z.infer<typeof Example>
