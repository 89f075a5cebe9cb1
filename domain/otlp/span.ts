import { objectOf, type JsonObject } from '../providers/json-object.ts'
import type { FaultCode } from './fault.ts'
import { readId, SPAN_ID_DIGITS, TRACE_ID_DIGITS } from './id.ts'
import { attributed } from './key-values.ts'
import { enumeration, uint32, unixNano } from './numbers.ts'
import { mark, type Reading } from './reading.ts'
import type { Span } from './shape.ts'
import { readEvents, readLinks } from './span-parts.ts'
import { text } from './text.ts'
import { timeFault, type TimeWindow } from './time-window.ts'

/** A record, or the first reason why it is none. */
export type RecordRead<Item> = { record: Item } | { rejected: FaultCode }

/** Reads a span in OTLP/JSON form. What comes first keeps its room where the span is above its limit: attributes, events, links. */
export function readSpan(reading: Reading, message: JsonObject, window: TimeWindow): RecordRead<Span> {
  const trace = readId(message.traceId, TRACE_ID_DIGITS)
  if ('problem' in trace) return { rejected: trace.problem === 'zero' ? 'trace_id.zero' : 'trace_id.invalid' }
  const span = readId(message.spanId, SPAN_ID_DIGITS)
  if ('problem' in span) return { rejected: span.problem === 'zero' ? 'span_id.zero' : 'span_id.invalid' }
  const start = unixNano(message.startTimeUnixNano)
  const end = unixNano(message.endTimeUnixNano)
  const rejected = timesRejected(start, end, window)
  if (rejected !== null) return { rejected }
  const status = objectOf(message.status)
  const head = {
    traceId: trace.id,
    spanId: span.id,
    parentSpanId: parentOf(reading, message.parentSpanId),
    traceState: text(reading, message.traceState),
    flags: uint32(reading, message.flags),
    name: text(reading, message.name),
    kind: enumeration(reading, message.kind),
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    status: {
      code: enumeration(reading, status.code),
      message: text(reading, status.message, reading.limits.valueBytes),
    },
  }
  const own = attributed(reading, message)
  const events = readEvents(reading, message.events)
  const links = readLinks(reading, message.links)
  const record: Span = {
    ...head,
    ...own,
    events: events.items,
    droppedEventsCount: uint32(reading, message.droppedEventsCount) + events.dropped,
    links: links.items,
    droppedLinksCount: uint32(reading, message.droppedLinksCount) + links.dropped,
    faults: reading.faults,
  }
  return { record }
}

/** Some senders write a root's parent as zeroes. */
function parentOf(reading: Reading, value: unknown): string | null {
  const parent = readId(value, SPAN_ID_DIGITS)
  if ('id' in parent) return parent.id
  if (parent.problem === 'invalid') mark(reading, 'parent_id.invalid')
  return null
}

function timesRejected(start: bigint | null, end: bigint | null, window: TimeWindow): FaultCode | null {
  if (start === null || end === null) return 'time.invalid'
  if (start === 0n || end === 0n) return 'time.missing'
  return timeFault(window, start) ?? timeFault(window, end) ?? (end < start ? 'time.reversed' : null)
}
