import { isObject, objectsOf, type JsonObject } from '../providers/json-object.ts'
import { structured, textOf } from './attribute.ts'
import { finishReasons } from './finish-reason.ts'
import { answerMessage, instructions, messagesOf, textMessage } from './messages.ts'
import type { ChatMessage } from './view.ts'

/** Fields that hold the conversation, or all of the prompt, in requests of providers and the Vercel AI SDK. */
const LISTS = ['messages', 'input', 'contents', 'prompt'] as const
/** Fields that hold the one text of chains: LangChain's, LlamaIndex's, and of plain functions. */
const TEXTS = {
  user: ['input', 'question', 'query', 'prompt', 'message', 'text', 'content'],
  assistant: ['output', 'answer', 'response', 'result', 'output_text', 'text', 'content', 'message'],
} as const

/**
 * The messages of an input or output that is kept as one value (`input.value`, `gen_ai.completion`, `ai.prompt`): a
 * provider's request or answer, a list of messages, an object with one telling text, or any text. What none of these
 * explains is one message with its JSON.
 */
export function payloadMessages(payload: unknown, role: 'user' | 'assistant'): ChatMessage[] {
  const value = structured(payload)
  if (Array.isArray(value)) return isMessages(value) ? messagesOf(value, role) : textMessage(role, payload)
  if (!isObject(value)) return textMessage(role, payload)
  const found =
    value.role === undefined ? (role === 'user' ? asked(value) : answered(value)) : messagesOf([value], role)
  if (found.length > 0) return found
  const telling = TEXTS[role]
    .map((name) => value[name])
    .find((text) => typeof text === 'string' && text !== '')
  return textMessage(role, telling ?? payload)
}

/** Why the choices of an answer ended, where it says so. */
export function payloadFinishReasons(payload: unknown): string[] {
  const value = structured(payload)
  const choices = Array.isArray(value) ? objectsOf(value) : isObject(value) ? choicesOf(value) : []
  return choices.flatMap((choice) => finishReasons(choice.finish_reason ?? choice.stop_reason))
}

function isMessages(list: readonly unknown[]): boolean {
  return (
    list.length > 0 &&
    list.every((item) => isObject(item) && (item.role !== undefined || item.parts !== undefined))
  )
}

function asked(request: JsonObject): ChatMessage[] {
  const list = LISTS.map((name) => request[name]).find((value) => Array.isArray(value) && value.length > 0)
  const system = instructions(request.system ?? request.instructions)
  if (list !== undefined) return [...system, ...messagesOf(list, 'user')]
  return system.length === 0
    ? []
    : [...system, ...textMessage('user', textOf(request.prompt ?? request.input))]
}

function answered(answer: JsonObject): ChatMessage[] {
  if (Array.isArray(answer.output)) return messagesOf(answer.output, 'assistant')
  return choicesOf(answer).flatMap((choice) => {
    if (isObject(choice.message)) return messagesOf([choice.message], 'assistant')
    return answerMessage(choice.text, choice.tool_calls, undefined)
  })
}

/** Of OpenAI's answers; an answer of one text is its own only choice. */
function choicesOf(answer: JsonObject): JsonObject[] {
  return Array.isArray(answer.choices) ? objectsOf(answer.choices) : [answer]
}
