import type { ExpectedToolCall, ToolCall } from '../../dataset/tool-call.ts'
import type { AgentAnswer } from '../../dataset/transcript.ts'
import type { Answer } from '../answer.ts'
import type { EvaluatorInput } from '../evaluator.ts'
import type { ReadText } from '../source.ts'

/** What TaskCompletion reads of an input, once. */
export interface TaskRow {
  input: EvaluatorInput
  answer: Answer
  context: readonly ReadText[]
  customer: readonly ReadText[]
  /** Undefined when it is not known which calls were made. */
  calls?: readonly ToolCall[]
  due?: readonly ExpectedToolCall[]
  expected?: Pick<AgentAnswer, 'action' | 'reply'>
}
