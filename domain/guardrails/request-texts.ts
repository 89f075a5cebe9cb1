import { KNOWLEDGE } from '../dataset/prompt.ts'
import { isObject, objectsOf, type JsonObject } from '../providers/json-object.ts'
import type { Kind } from '../providers/provider.ts'
import type { Said, Subject } from './guardrail.ts'

type MapText = (text: string) => string

/** A request as checks see it. What its images and sounds hold they do not see. */
export function requestSubject(kind: Kind, body: JsonObject): Subject {
  const texts: string[] = []
  mapRequestTexts(kind, body, (text) => {
    texts.push(text)
    return text
  })
  return {
    texts,
    said: [
      ...(kind === 'chat'
        ? objectsOf(body.messages).flatMap(saidIn)
        : plainTexts(body[FIELDS[kind]]).map(words)),
      ...variablesIn(body).map(words),
    ],
    unreadable: kind !== 'chat' && hasTokens(body[FIELDS[kind]]),
    input: { messages: [], context: [] },
  }
}

const FIELDS = { completions: 'prompt', embeddings: 'input', chat: 'messages' } as const

/** The request with every text replaced that models are told: messages, arguments of calls, variables of the prompt. */
export function mapRequestTexts(kind: Kind, body: JsonObject, map: MapText): JsonObject {
  const mapped: JsonObject = { ...body }
  if (kind === 'chat' && Array.isArray(body.messages))
    mapped.messages = body.messages.map((message) => (isObject(message) ? mapMessage(message, map) : message))
  if (kind !== 'chat') mapped[FIELDS[kind]] = mapPlain(body[FIELDS[kind]], map)
  if (typeof body.suffix === 'string') mapped.suffix = map(body.suffix)
  if (isObject(body.prediction)) mapped.prediction = mapMessage(body.prediction, map)
  if (body.variables !== undefined) mapped.variables = mapDeep(body.variables, map)
  return mapped
}

/** A message, of a request or an answer, with every text in it replaced. */
export function mapMessage(message: JsonObject, map: MapText): JsonObject {
  const mapped: JsonObject = { ...message }
  if (message.content !== undefined) mapped.content = mapContent(message.content, map)
  for (const field of ['refusal', 'reasoning_content', 'reasoning'])
    if (typeof message[field] === 'string') mapped[field] = map(message[field])
  if (Array.isArray(message.tool_calls))
    mapped.tool_calls = message.tool_calls.map((call) =>
      isObject(call) && isObject(call.function) ? { ...call, function: mapCall(call.function, map) } : call,
    )
  if (isObject(message.function_call)) mapped.function_call = mapCall(message.function_call, map)
  return mapped
}

function mapCall(call: JsonObject, map: MapText): JsonObject {
  return typeof call.arguments === 'string' ? { ...call, arguments: map(call.arguments) } : call
}

function mapContent(content: unknown, map: MapText): unknown {
  if (typeof content === 'string') return map(content)
  if (!Array.isArray(content)) return content
  return content.map((part) => {
    if (!isObject(part)) return part
    const mapped: JsonObject = { ...part }
    for (const field of ['text', 'refusal'])
      if (typeof part[field] === 'string') mapped[field] = map(part[field])
    return mapped
  })
}

function mapPlain(value: unknown, map: MapText): unknown {
  if (typeof value === 'string') return map(value)
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? map(item) : item)) : value
}

function mapDeep(value: unknown, map: MapText): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, map))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapDeep(item, map)]))
}

/** What users and tools say: what the operator and the model said before is not the caller's doing. */
function saidIn({ role, content }: JsonObject): Said[] {
  if (role === 'system' || role === 'developer' || role === 'assistant') return []
  const text = contentText(content)
  return text === '' ? [] : [words(text)]
}

/** A question may come as a variable. Knowledge is nobody's saying. */
function variablesIn({ variables }: JsonObject): string[] {
  if (!isObject(variables)) return []
  return Object.entries(variables).flatMap(([name, value]) => (name === KNOWLEDGE ? [] : plainTexts(value)))
}

/** The text of a message's content, whichever way it is written. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  return objectsOf(content)
    .flatMap(({ text }) => (typeof text === 'string' ? text : []))
    .join('\n')
}

function words(text: string): Said {
  return { text, toolCalls: [] }
}

function plainTexts(value: unknown): string[] {
  return typeof value === 'string'
    ? [value]
    : Array.isArray(value)
      ? value.filter((one) => typeof one === 'string')
      : []
}

function hasTokens(value: unknown): boolean {
  return Array.isArray(value) && value.some((one) => typeof one !== 'string')
}
