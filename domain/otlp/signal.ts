import type { JsonObject } from '../providers/json-object.ts'
import { readLogRecord } from './log-record.ts'
import type { Reading } from './reading.ts'
import type { LogRecord, Span } from './shape.ts'
import { readSpan, type RecordRead } from './span.ts'
import type { TimeWindow } from './time-window.ts'
import { LOG_RECORD, LOGS_RESPONSE, SPAN, TRACE_RESPONSE } from './wire/messages.ts'
import type { Schema } from './wire/schema.ts'

/** What tells a signal of OTLP from another: names in JSON, messages in protobuf, and how a record is read. */
export interface Signal<Item> {
  resources: string
  scopes: string
  records: string
  record: Schema
  response: Schema
  rejectedField: string
  read: (reading: Reading, message: JsonObject, window: TimeWindow) => RecordRead<Item>
}

export const TRACES: Signal<Span> = {
  resources: 'resourceSpans',
  scopes: 'scopeSpans',
  records: 'spans',
  record: SPAN,
  response: TRACE_RESPONSE,
  rejectedField: 'rejectedSpans',
  read: readSpan,
}

export const LOGS: Signal<LogRecord> = {
  resources: 'resourceLogs',
  scopes: 'scopeLogs',
  records: 'logRecords',
  record: LOG_RECORD,
  response: LOGS_RESPONSE,
  rejectedField: 'rejectedLogRecords',
  read: readLogRecord,
}
