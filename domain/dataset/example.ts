import * as z from 'zod'
import { ExpectedToolCall, Tool } from './tool-call.ts'
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
  /** Rows of one conversation share it: their errors are not independent. */
  conversation: z.string().min(1).max(200).exactOptional(),
  /** Tools that the model may call, and the calls that are due. */
  tools: z.array(Tool).exactOptional(),
  expectedToolCalls: z.array(ExpectedToolCall).exactOptional(),
})
export type Example = z.infer<typeof Example>
