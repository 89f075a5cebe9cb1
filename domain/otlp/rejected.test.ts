import { describe, expect, test } from 'vitest'
import { bodyOf, nanoBefore, SPAN_ID, spanId, spanJson, taken, TRACE_ID, tracesJson } from './otlp.fixture.ts'

const HOUR_MS = 3_600_000
const YEAR_MS = 366 * 24 * HOUR_MS

const OTHER = spanJson({ spanId: spanId(7) })
/** The second of the request. */
const SECOND = { resource: 0, scope: 0, record: 1 }

describe('one bad span never costs the batch', () => {
  test.for([
    ['trace_id.invalid', { traceId: undefined }],
    ['trace_id.invalid', { traceId: TRACE_ID.slice(2) }],
    ['trace_id.zero', { traceId: '0'.repeat(32) }],
    ['span_id.invalid', { spanId: '' }],
    ['span_id.invalid', { spanId: `${SPAN_ID}ff` }],
    ['span_id.zero', { spanId: spanId(0) }],
    ['time.missing', { endTimeUnixNano: undefined }],
    ['time.missing', { startTimeUnixNano: '0' }],
    ['time.reversed', { startTimeUnixNano: nanoBefore(1), endTimeUnixNano: nanoBefore(2) }],
    ['time.future', { endTimeUnixNano: nanoBefore(-HOUR_MS - 1) }],
    ['time.ancient', { startTimeUnixNano: nanoBefore(YEAR_MS + 1) }],
    // Seconds where nanoseconds are meant.
    ['time.ancient', { startTimeUnixNano: '1795485720' }],
  ] as const)('%s: %o', ([code, fields]) => {
    for (const encoding of ['json', 'protobuf'] as const) {
      const { spans, faults } = taken(tracesJson(OTHER, spanJson(fields), spanJson()), encoding)
      expect(spans.map((span) => span.spanId)).toEqual([spanId(7), SPAN_ID])
      expect(faults).toEqual([{ code, count: 1, first: SECOND }])
    }
  })

  // What only JSON can say.
  test.for([
    ['trace_id.invalid', { traceId: 'W47/95gDgQPSabYzgT/GDA==' }],
    ['trace_id.invalid', { traceId: `${TRACE_ID.slice(2)}zz` }],
    ['span_id.invalid', { spanId: 7 }],
    ['time.invalid', { startTimeUnixNano: '2026-11-26T10:00:00Z' }],
    ['time.invalid', { startTimeUnixNano: -1 }],
    ['time.invalid', { endTimeUnixNano: '18446744073709551616' }],
  ] as const)('%s: %o in JSON', ([code, fields]) => {
    const { spans, faults } = taken(tracesJson(OTHER, spanJson(fields), spanJson()))
    expect([spans.length, faults]).toEqual([2, [{ code, count: 1, first: SECOND }]])
  })

  test('a span that is no object', () => {
    const { spans, faults } = taken(tracesJson(OTHER, 'span', null))
    expect([spans.length, faults]).toEqual([1, [{ code: 'record.malformed', count: 2, first: SECOND }]])
  })

  test('a span whose bytes break off within its own length', () => {
    const body = bodyOf(tracesJson(OTHER, spanJson({ name: 'NAME' }), spanJson()), 'protobuf')
    const name = body.findIndex((_, at) => new TextDecoder().decode(body.subarray(at, at + 4)) === 'NAME')
    const { spans, faults } = taken(body.with(name - 1, 127), 'protobuf')
    expect([spans.length, faults]).toEqual([2, [{ code: 'record.malformed', count: 1, first: SECOND }]])
  })

  test('times at the very limits are taken', () => {
    const times = { startTimeUnixNano: nanoBefore(YEAR_MS), endTimeUnixNano: nanoBefore(-HOUR_MS) }
    expect(taken(tracesJson(spanJson(times))).faults).toEqual([])
  })
})
