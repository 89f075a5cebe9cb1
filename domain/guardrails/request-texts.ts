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

/** Values that the caller named: variables of the prompt, and what tells whose request it is. */
const NAMED = ['variables', 'metadata', 'user', 'safety_identifier'] as const

/**
 * The request with every text replaced that leaves with it: messages, arguments of calls, variables of the prompt, metadata
 * and user.
 */
export function mapRequestTexts(kind: Kind, body: JsonObject, map: MapText): JsonObject {
  const mapped: JsonObject = { ...body }
  if (kind === 'chat' && Array.isArray(body.messages))
    mapped.messages = body.messages.map((message) => (isObject(message) ? mapMessage(message, map) : message))
  if (kind !== 'chat') mapped[FIELDS[kind]] = mapPlain(body[FIELDS[kind]], map)
  if (typeof body.suffix === 'string') mapped.suffix = map(body.suffix)
  if (isObject(body.prediction)) mapped.prediction = mapMessage(body.prediction, map)
  for (const field of NAMED) if (body[field] !== undefined) mapped[field] = mapNamed(body[field], map)
  return mapped
}

/** What is no text, whoever wrote it: words of the API, ids, and the data of images, sounds and files. */
const NO_TEXTS: ReadonlySet<string> = new Set([
  'role',
  'type',
  'id',
  'tool_call_id',
  'call_id',
  'file_id',
  'name',
  'url',
  'image_url',
  'data',
  'file_data',
  'format',
  'detail',
  'signature',
])

/**
 * A message, of a request or an answer, with every text in it replaced. Those in fields that are not known here, too:
 * servers have more of them than OpenAI (`reasoning`, `audio.transcript`, `custom.input`, citations).
 */
export function mapMessage(message: JsonObject, map: MapText): JsonObject {
  return Object.fromEntries(
    Object.entries(message).map(([field, value]) => [
      field,
      typeof value === 'string' && NO_TEXTS.has(field) ? value : mapValue(value, map),
    ]),
  )
}

function mapValue(value: unknown, map: MapText): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapValue(item, map))
  return isObject(value) ? mapMessage(value, map) : value
}

/** A value of the caller's own making with every text in it replaced, names included. A number is one where it changes. */
export function mapNamed(value: unknown, map: MapText): unknown {
  if (typeof value === 'string') return map(value)
  if (typeof value === 'number') {
    const text = String(value)
    const mapped = map(text)
    return mapped === text ? value : mapped
  }
  if (Array.isArray(value)) return value.map((item) => mapNamed(item, map))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [map(name), mapNamed(item, map)]))
}

function mapPlain(value: unknown, map: MapText): unknown {
  if (typeof value === 'string') return map(value)
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? map(item) : item)) : value
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
