import type { JsonObject } from '../providers/json-object.ts'
import { readId, SPAN_ID_DIGITS, TRACE_ID_DIGITS } from './id.ts'
import { attributed } from './key-values.ts'
import { enumeration, uint32, unixNano } from './numbers.ts'
import { mark, type Reading } from './reading.ts'
import type { LogRecord } from './shape.ts'
import type { RecordRead } from './span.ts'
import { text } from './text.ts'
import { timeFault, type TimeWindow } from './time-window.ts'
import { anyValue } from './value.ts'

/** Reads a log record in OTLP/JSON form. It needs neither time nor ids: logs.proto has an invalid id count as none. */
export function readLogRecord(
  reading: Reading,
  message: JsonObject,
  window: TimeWindow,
): RecordRead<LogRecord> {
  const time = unixNano(message.timeUnixNano)
  const observed = unixNano(message.observedTimeUnixNano)
  if (time === null || observed === null) return { rejected: 'time.invalid' }
  const known = time === 0n ? observed : time
  const rejected = known === 0n ? null : timeFault(window, known)
  if (rejected !== null) return { rejected }
  return {
    record: {
      timeUnixNano: String(time),
      observedTimeUnixNano: String(observed),
      severityNumber: enumeration(reading, message.severityNumber),
      severityText: text(reading, message.severityText),
      eventName: text(reading, message.eventName),
      flags: uint32(reading, message.flags),
      traceId: contextId(reading, message.traceId, TRACE_ID_DIGITS),
      spanId: contextId(reading, message.spanId, SPAN_ID_DIGITS),
      body: anyValue(reading, message.body),
      ...attributed(reading, message),
      faults: reading.faults,
    },
  }
}

function contextId(reading: Reading, value: unknown, digits: number): string | null {
  const read = readId(value, digits)
  if ('id' in read) return read.id
  if (read.problem === 'invalid') mark(reading, 'log_context.invalid')
  return null
}
