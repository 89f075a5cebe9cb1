import { isObject, type JsonObject } from '../providers/json-object.ts'
import type { FaultCode } from './fault.ts'
import { readId, SPAN_ID_DIGITS, TRACE_ID_DIGITS } from './id.ts'
import { attributed } from './key-values.ts'
import { uint32, unixNano } from './numbers.ts'
import { isGiven, mark, type Reading } from './reading.ts'
import type { SpanEvent, SpanLink } from './shape.ts'
import { text } from './text.ts'

/** The events of a span, and how many a limit dropped. */
export function readEvents(reading: Reading, list: unknown): { items: SpanEvent[]; dropped: number } {
  return readList(reading, list, reading.limits.eventsPerSpan, 'events.dropped', (event) => {
    const time = unixNano(event.timeUnixNano)
    if (time === null) mark(reading, 'field.invalid')
    return {
      timeUnixNano: String(time ?? 0n),
      name: text(reading, event.name),
      ...attributed(reading, event),
    }
  })
}

/** The links of a span. One that names no span says nothing and is left out. */
export function readLinks(reading: Reading, list: unknown): { items: SpanLink[]; dropped: number } {
  return readList(reading, list, reading.limits.linksPerSpan, 'links.dropped', (link) => {
    const trace = readId(link.traceId, TRACE_ID_DIGITS)
    const span = readId(link.spanId, SPAN_ID_DIGITS)
    if ('problem' in trace || 'problem' in span) {
      mark(reading, 'link.invalid')
      return undefined
    }
    return {
      traceId: trace.id,
      spanId: span.id,
      traceState: text(reading, link.traceState),
      flags: uint32(reading, link.flags),
      ...attributed(reading, link),
    }
  })
}

function readList<Item>(
  reading: Reading,
  list: unknown,
  limit: number,
  aboveLimit: FaultCode,
  read: (message: JsonObject) => Item | undefined,
): { items: Item[]; dropped: number } {
  const items: Item[] = []
  if (!isGiven(list)) return { items, dropped: 0 }
  if (!Array.isArray(list)) {
    mark(reading, 'field.invalid')
    return { items, dropped: 0 }
  }
  for (let index = 0; index < list.length; index++) {
    if (index >= limit || reading.left <= 0) {
      mark(reading, aboveLimit)
      return { items, dropped: list.length - index }
    }
    const message: unknown = list[index]
    const item = isObject(message) ? read(message) : undefined
    if (item !== undefined) items.push(item)
    if (!isObject(message)) mark(reading, 'field.invalid')
  }
  return { items, dropped: 0 }
}
