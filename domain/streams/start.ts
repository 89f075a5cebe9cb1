import { createParser } from 'eventsource-parser'
import { isObject, objectsOf, parsed, type JsonObject } from '../providers/json-object.ts'

/**
 * What the beginning of a stream holds: something of the answer, or a reason to ask another model while nothing is sent yet;
 * undefined as long as there are only the role, empty deltas and keep-alives.
 */
export type StreamStart = 'answer' | 'error' | 'not_json' | 'empty' | undefined

/** Reads a stream of chat or legacy completions until it is known whether an answer has begun. */
export function streamStart(): { feed(text: string): StreamStart } {
  let start: StreamStart
  const parser = createParser({
    onEvent({ event, data }) {
      // The rest of the stream is none of its business.
      start ??= startOf(event, data)
    },
  })
  return {
    feed(text) {
      parser.feed(text)
      return start
    },
  }
}

function startOf(type: string | undefined, data: string): StreamStart {
  if (data === '[DONE]') return 'empty'
  const chunk = parsed(data)
  if (!isObject(chunk)) return 'not_json'
  if (type === 'error' || (chunk.error !== undefined && chunk.error !== null)) return 'error'
  return objectsOf(chunk.choices).some(says) ? 'answer' : undefined
}

function says({ delta, text, finish_reason }: JsonObject): boolean {
  if (typeof finish_reason === 'string' || (typeof text === 'string' && text !== '')) return true
  return isObject(delta) && Object.entries(delta).some(([name, value]) => name !== 'role' && isThere(value))
}

function isThere(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== ''
}
