import { isObject, objectsOf, textOf, type JsonObject } from '../providers/json-object.ts'
import { DONE, sseEvent } from '../providers/translator.ts'
import { eventsIn } from './events.ts'

/**
 * The whole answer that a stream of chat or legacy completions told in pieces, with all of its choices. Texts of deltas are
 * joined, calls of tools by their index; other fields are those that came last. Of a stream of OpenAI's Responses API only
 * the message is read, from the event that ends it.
 */
export function assembled(text: string): JsonObject {
  const answer: JsonObject = { object: 'chat.completion' }
  const choices = new Map<number, JsonObject>()
  for (const event of eventsIn(text)) {
    if (isObject(event.response)) {
      const output = objectsOf(event.response.output)
      if (output.length > 0) choices.set(0, { index: 0, message: messageOf(output) })
      continue
    }
    const { choices: told, object, ...rest } = event
    if (object === 'text_completion') answer.object = object
    for (const [field, value] of Object.entries(rest))
      if (value !== null || answer[field] === undefined) answer[field] = value
    for (const choice of objectsOf(told)) {
      const index = typeof choice.index === 'number' ? choice.index : 0
      const whole = choices.get(index) ?? { index }
      choices.set(index, whole)
      addChoice(whole, choice)
    }
  }
  answer.choices = [...choices.keys()].toSorted((a, b) => a - b).map((index) => choices.get(index)!)
  return answer
}

function messageOf(output: readonly JsonObject[]): JsonObject {
  const parts = output.flatMap(({ content }) => objectsOf(content))
  const said = (field: string) => parts.map((part) => textOf(part[field])).join('')
  const refusal = said('refusal')
  const calls = output.filter(({ type }) => type === 'function_call')
  return {
    role: 'assistant',
    content: said('text'),
    ...(refusal === '' ? {} : { refusal }),
    ...(calls.length > 0
      ? {
          tool_calls: calls.map(({ call_id, ...called }) => ({
            id: call_id,
            type: 'function',
            function: called,
          })),
        }
      : {}),
  }
}

function addChoice(whole: JsonObject, { delta, text, finish_reason, logprobs }: JsonObject): void {
  if (typeof text === 'string') whole.text = (typeof whole.text === 'string' ? whole.text : '') + text
  else {
    whole.message ??= { role: 'assistant', content: null }
    if (isObject(delta)) addDelta(whole.message as JsonObject, delta)
  }
  whole.finish_reason = finish_reason ?? whole.finish_reason ?? null
  if (isObject(logprobs)) whole.logprobs = addLists(isObject(whole.logprobs) ? whole.logprobs : {}, logprobs)
  else whole.logprobs ??= null
}

function addDelta(message: JsonObject, delta: JsonObject): void {
  for (const [field, value] of Object.entries(delta)) {
    if (value === null || value === undefined) continue
    const before = message[field]
    if (field === 'tool_calls')
      message[field] = addCalls(Array.isArray(before) ? (before as JsonObject[]) : [], objectsOf(value))
    else message[field] = added(field, before, value)
  }
}

/** Calls stand at the place that their index says. */
function addCalls(calls: JsonObject[], deltas: readonly JsonObject[]): JsonObject[] {
  for (const { index, ...piece } of deltas) {
    const at = typeof index === 'number' && index >= 0 && index <= calls.length ? index : calls.length
    calls[at] = joined(calls[at] ?? {}, piece)
  }
  return calls
}

/** Said whole, however often. */
const WHOLE: ReadonlySet<string> = new Set(['role', 'type', 'id', 'format'])

/** What a field holds after one more piece: texts go on, whatever they stand in. */
function added(field: string, before: unknown, piece: unknown): unknown {
  if (typeof before === 'string' && typeof piece === 'string')
    return WHOLE.has(field) ? piece : before + piece
  if (Array.isArray(before) && Array.isArray(piece)) return piece.reduce(addItem, before)
  return isObject(before) && isObject(piece) ? joined(before, piece) : piece
}

/** Items of one index are one. */
function addItem(items: unknown[], piece: unknown): unknown[] {
  const index = isObject(piece) ? piece.index : undefined
  const at = index === undefined ? -1 : items.findIndex((item) => isObject(item) && item.index === index)
  return at < 0 ? [...items, piece] : items.with(at, joined(items[at] as JsonObject, piece as JsonObject))
}

/** Names and arguments of a call come in pieces. */
function joined(before: JsonObject, piece: JsonObject): JsonObject {
  const whole = { ...before }
  for (const [field, value] of Object.entries(piece))
    if (value !== null) whole[field] = added(field, whole[field], value)
  return whole
}

function addLists(before: JsonObject, piece: JsonObject): JsonObject {
  const whole = { ...before }
  for (const [field, value] of Object.entries(piece))
    whole[field] = Array.isArray(value) && Array.isArray(whole[field]) ? [...whole[field], ...value] : value
  return whole
}

/** A whole answer as the stream of one that was told at once. */
export function streamed(answer: JsonObject, { includeUsage }: { includeUsage: boolean }): string {
  const { choices, usage, object, ...rest } = answer
  const legacy = object === 'text_completion'
  const chunk = (told: JsonObject[], used: unknown) =>
    sseEvent({
      ...rest,
      object: legacy ? object : 'chat.completion.chunk',
      choices: told,
      ...(includeUsage ? { usage: used } : {}),
    })
  let text = ''
  for (const [at, { message, finish_reason, logprobs = null, ...choice }] of objectsOf(choices).entries()) {
    const index = choice.index ?? at
    if (legacy) {
      text += chunk([{ ...choice, index, logprobs, finish_reason }], null)
      continue
    }
    text += chunk(
      [{ index, delta: deltaOf(isObject(message) ? message : {}), logprobs, finish_reason: null }],
      null,
    )
    text += chunk([{ index, delta: {}, logprobs: null, finish_reason: finish_reason ?? 'stop' }], null)
  }
  if (includeUsage && isObject(usage)) text += chunk([], usage)
  return text + DONE
}

function deltaOf(message: JsonObject): JsonObject {
  const { tool_calls, ...rest } = message
  return Array.isArray(tool_calls)
    ? { ...rest, tool_calls: objectsOf(tool_calls).map((call, index) => ({ index, ...call })) }
    : rest
}
