import { readAnswer } from '../evaluators/answer.ts'
import type { EvaluatorInput } from '../evaluators/evaluator.ts'
import { MAX_ANSWER_CHARS } from '../evaluators/limits.ts'
import type { Json } from '../json.ts'
import type { Shown } from './judge.ts'

/** Passages that are graded one by one, and calls. */
const MAX_GRADED = 50

type Part = Shown | { error: string }

/** What was said, oldest first, without the system's own words. */
export function conversationOf({ messages }: EvaluatorInput): Json[] {
  return messages
    .filter(({ role }) => role !== 'system')
    .map(({ role, content }) => ({ speaker: role === 'user' ? 'customer' : 'agent', text: content }))
}

/** An error when the customer said nothing. */
export function requestProblem({ messages }: EvaluatorInput): Part {
  const asked = messages.some(({ role, content }) => role === 'user' && content.trim() !== '')
  return asked ? {} : { error: 'messages has none of the customer: there is no request' }
}

/** The text a customer would read. */
export function replyOf({ response }: EvaluatorInput): Part {
  const { text, truncated } = readAnswer(response)
  if (truncated) return tooLong('response')
  return text.trim() === '' ? { error: 'response is empty: there is nothing to judge' } : { reply: text }
}

/** The response as it came, with the actions it names. */
export function responseOf({ response }: EvaluatorInput): Part {
  return response.length > MAX_ANSWER_CHARS ? tooLong('response') : { response }
}

export function contextOf({ context }: EvaluatorInput): Part {
  const texts = context.filter((text) => text.trim() !== '')
  return texts.length === 0
    ? { error: 'context is empty: there is nothing to hold it against' }
    : { context: texts }
}

/** Passages with their place, so that an answer can name them. */
export function passagesOf({ context }: EvaluatorInput): Part {
  const passages = context.filter((text) => text.trim() !== '')
  if (passages.length === 0) return { error: 'context is empty: there is nothing to judge' }
  if (passages.length > MAX_GRADED)
    return { error: `context has ${passages.length} passages; a judge grades at most ${MAX_GRADED}` }
  return { passages: passages.map((text, index) => ({ passage: index, text })) }
}

/** The good answer; the response in its place where that is said to do. */
export function goodAnswerOf(input: EvaluatorInput, otherwise?: 'or the response'): Part {
  const known = input.reference ?? input.expected?.reply
  const answer = known ?? (otherwise === undefined ? '' : readAnswer(input.response).text)
  if (answer.trim() === '')
    return {
      error: `${otherwise === undefined ? 'reference' : 'reference and response'} is missing: there is no answer to compare with`,
    }
  return answer.length > MAX_ANSWER_CHARS ? tooLong('reference') : { answer }
}

/** What the row says is good, where it says so. */
export function expectedOf({ expected, reference, expectedToolCalls }: EvaluatorInput): Part {
  const known = {
    ...(expected === undefined ? {} : { answer: expected }),
    ...(reference === undefined || expected !== undefined ? {} : { text: reference }),
    ...(expectedToolCalls === undefined ? {} : { calls: expectedToolCalls }),
  }
  return Object.keys(known).length === 0 ? {} : { expected: known as unknown as Json }
}

export function toolCallsOf({ toolCalls }: EvaluatorInput): Part {
  return toolCalls === undefined ? {} : { calls: toolCalls as unknown as Json }
}

/** Tools that were offered, and the calls made, numbered. */
export function toolsOf({ tools, toolCalls }: EvaluatorInput): Part {
  if (tools === undefined || tools.length === 0) return { error: 'tools is missing: none was offered' }
  if (toolCalls === undefined) return { error: 'toolCalls is missing: an empty list says that none was made' }
  if (toolCalls.length > MAX_GRADED)
    return { error: `toolCalls has ${toolCalls.length} calls; a judge grades at most ${MAX_GRADED}` }
  return {
    tools: tools as unknown as Json,
    calls: toolCalls.map((call, index) => ({ call: index, name: call.name, arguments: call.arguments })),
  }
}

export function expectedCallsOf({ expectedToolCalls }: EvaluatorInput): Part {
  return expectedToolCalls === undefined ? {} : { expected_calls: expectedToolCalls as unknown as Json }
}

/** Parts together, or the first that is an error. */
export function together(...parts: Part[]): Part {
  return parts.find((part) => 'error' in part) ?? (Object.assign({}, ...parts) as Shown)
}

function tooLong(field: string): { error: string } {
  return { error: `${field} is longer than the ${MAX_ANSWER_CHARS} characters that a judge reads` }
}
