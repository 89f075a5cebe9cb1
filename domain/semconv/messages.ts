import { own } from '../own.ts'
import { isObject, type JsonObject } from '../providers/json-object.ts'
import { listOf, MAX_ITEMS, nameOf, textOf } from './attribute.ts'
import { itemsOf } from './flattened.ts'
import { isKnownPart, partsOf, toolCallsOf } from './message-parts.ts'
import type { ChatMessage, Role, SpanToolCall } from './view.ts'

/** Roles by what providers and libraries write for them. */
const ROLE_NAMES: Record<string, Role> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  ai: 'assistant',
  model: 'assistant',
  agent: 'assistant',
  tool: 'tool',
  function: 'tool',
}

/**
 * Messages of a list, or JSON text of one, in the shape of any provider: OpenTelemetry's `{ role, parts }`, OpenAI's and
 * Anthropic's `{ role, content }`, LangChain's `{ type: 'human', content }`, the Vercel AI SDK's, or plain texts.
 * `role` is of whoever names none, or one that nobody knows.
 */
export function messagesOf(value: unknown, role: Role): ChatMessage[] {
  return messageList(listOf(value), role)
}

export function messageList(items: readonly unknown[], role: Role): ChatMessage[] {
  return items
    .flatMap((item) => (isObject(item) ? ofObject(item, role) : textMessage(role, item)))
    .slice(0, MAX_ITEMS)
}

/** Instructions apart from the messages, as texts or parts: a message before the others. */
export function instructions(value: unknown): ChatMessage[] {
  if (typeof value === 'string' && !value.startsWith('[')) return textMessage('system', value)
  return textMessage('system', partsOf(listOf(value)).texts.join('\n'))
}

/** A message of one text; none where there is none. */
export function textMessage(role: Role, text: unknown): ChatMessage[] {
  const content = textOf(text)
  return content === null ? [] : [{ ...EMPTY, role, content }]
}

/** An answer of a text and of calls, where a convention keeps them apart. */
export function answerMessage(text: unknown, toolCalls: unknown, reasoning: unknown): ChatMessage[] {
  return ofObject({ role: 'assistant', content: text, tool_calls: listOf(toolCalls), reasoning }, 'assistant')
}

const EMPTY = { content: '', toolCalls: [], toolCallId: null, reasoning: null, attachments: [] }

/** A message, and one for each answer of a tool in it: OpenTelemetry and Anthropic put many into one. */
function ofObject(message: JsonObject, fallback: Role): ChatMessage[] {
  const role = roleOf(message.role) ?? roleOf(message.type) ?? fallback
  const { texts, reasoning, toolCalls, answers, attachments } = partsOf(contentOf(message))
  const thought = textOf(message.reasoning)
  const spoken: ChatMessage = {
    role,
    content: texts.join('\n'),
    toolCalls: [...toolCalls, ...callsBeside(message)],
    toolCallId: nameOf(message.tool_call_id) ?? nameOf(message.toolCallId),
    reasoning: [...reasoning, ...(thought === null ? [] : [thought])].join('\n') || null,
    attachments,
  }
  const answered = answers.map(({ id, content }) => ({
    ...EMPTY,
    role: 'tool' as const,
    content,
    toolCallId: id,
  }))
  return isBlank(spoken) ? answered : [...answered, spoken]
}

/** Calls beside the content, as OpenAI and LangChain have them; and the older single one. */
function callsBeside(message: JsonObject): SpanToolCall[] {
  const calls = itemsOf(message.tool_calls ?? message.toolCalls)
  return [...calls, ...(isObject(message.function_call) ? [message.function_call] : [])].flatMap(toolCallsOf)
}

/** Items of OpenAI's Responses are parts beside messages. */
function contentOf(message: JsonObject): unknown {
  if (message.role === undefined && isKnownPart(message)) return [message]
  return message.parts ?? message.content
}

function roleOf(value: unknown): Role | null {
  return typeof value === 'string' ? (own(ROLE_NAMES, value.toLowerCase()) ?? null) : null
}

function isBlank({ content, toolCalls, reasoning, attachments, toolCallId }: ChatMessage): boolean {
  return (
    content === '' &&
    reasoning === null &&
    toolCallId === null &&
    toolCalls.length === 0 &&
    attachments.length === 0
  )
}
