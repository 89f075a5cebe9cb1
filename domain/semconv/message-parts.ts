import { ARGUMENT_KEYS, readToolCalls } from '../dataset/tool-call-wire.ts'
import { isDeeperThan } from '../nesting.ts'
import { isObject, type JsonObject } from '../providers/json-object.ts'
import { MAX_DEPTH, nameOf, structured, textOf } from './attribute.ts'
import { itemsOf } from './flattened.ts'
import type { SpanToolCall } from './view.ts'

/** What the parts of one message come to. */
export interface Parts {
  texts: string[]
  reasoning: string[]
  toolCalls: SpanToolCall[]
  /** What tools answered, by the id of the call. */
  answers: { id: string | null; content: string }[]
  /** Parts that are no text, by what they are. */
  attachments: string[]
}

/** Types of parts as OpenTelemetry, OpenAI, Anthropic, OpenInference and the Vercel AI SDK name them. */
const TEXT = ['text', 'input_text', 'output_text', 'refusal']
const REASONING = ['reasoning', 'thinking', 'summary_text']
const CALL = ['tool_call', 'tool-call', 'tool_use', 'function', 'function_call', 'server_tool_call']
const ANSWER = [
  'tool_call_response',
  'tool-result',
  'tool_result',
  'function_call_output',
  'server_tool_call_response',
]
const MEDIA = ['image', 'image_url', 'input_image', 'audio', 'input_audio', 'video', 'file', 'blob', 'uri']
const TYPES = [...TEXT, ...REASONING, ...CALL, ...ANSWER, ...MEDIA]

/** The content of a message: a text, or a list of parts, which some libraries write as JSON text. */
export function partsOf(content: unknown): Parts {
  const parts: Parts = { texts: [], reasoning: [], toolCalls: [], answers: [], attachments: [] }
  for (const part of partList(content)) addPart(parts, part)
  return parts
}

/** A call that a model made, however it is wrapped; none where it has no name. */
export function toolCallsOf(item: unknown): SpanToolCall[] {
  if (!isObject(item)) return []
  const inner = isObject(item.function) ? item.function : item
  const given = ARGUMENT_KEYS.map((key) => inner[key]).find((value) => value !== undefined && value !== null)
  const id = nameOf(item.id) ?? nameOf(item.toolCallId) ?? nameOf(item.tool_call_id) ?? nameOf(item.call_id)
  return readToolCalls([
    { name: nameOf(inner.name) ?? nameOf(inner.toolName), arguments: given ?? inner.server_tool_call },
  ]).map((call) =>
    isDeeperThan(MAX_DEPTH, call.arguments)
      ? { id, name: call.name, arguments: {}, failed: true }
      : { id, ...call },
  )
}

function partList(content: unknown): readonly unknown[] {
  if (typeof content !== 'string') {
    const items = itemsOf(content)
    return items.length === 0 && isObject(content) ? [content] : items
  }
  // A user may well write JSON: only a list of known parts is one.
  const list = content.startsWith('[{') ? structured(content) : undefined
  return Array.isArray(list) && list.every(isKnownPart) ? list : [content]
}

/** Whether it is a part of a type that some convention has. */
export function isKnownPart(part: unknown): boolean {
  return isObject(part) && typeof part.type === 'string' && TYPES.includes(part.type)
}

function addPart(parts: Parts, part: unknown): void {
  if (!isObject(part)) {
    const text = textOf(part)
    if (text !== null) parts.texts.push(text)
    return
  }
  const type = typeof part.type === 'string' ? part.type : ''
  if (CALL.includes(type)) parts.toolCalls.push(...toolCallsOf(part))
  else if (ANSWER.includes(type)) parts.answers.push(answerOf(part))
  else if (REASONING.includes(type)) add(parts.reasoning, part.content ?? part.text ?? part.thinking)
  else if (TEXT.includes(type) || (type === '' && typeof part.text === 'string'))
    add(parts.texts, part.content ?? part.text ?? part.refusal)
  else {
    const kind = nameOf(part.modality) ?? nameOf(type)
    if (kind === null) add(parts.texts, part)
    else parts.attachments.push(kind.replace(/^input_|_url$/g, ''))
  }
}

function add(texts: string[], value: unknown): void {
  const text = textOf(value)
  if (text !== null) texts.push(text)
}

function answerOf(part: JsonObject): Parts['answers'][number] {
  const said = part.response ?? part.result ?? part.output ?? part.content ?? part.server_tool_call_response
  return {
    id:
      [part.id, part.toolCallId, part.tool_use_id, part.call_id].map(nameOf).find((id) => id !== null) ??
      null,
    content: answerText(said),
  }
}

/** The Vercel AI SDK says of what type an answer is; Anthropic's is a list of parts. */
function answerText(said: unknown): string {
  if (isObject(said) && 'value' in said && typeof said.type === 'string') return textOf(said.value) ?? ''
  if (Array.isArray(said) && said.length > 0 && said.every(isTextPart))
    return said.map((part) => textOf(part.text) ?? '').join('\n')
  return textOf(said) ?? ''
}

function isTextPart(part: unknown): part is JsonObject {
  return isObject(part) && part.type === 'text' && typeof part.text === 'string'
}
