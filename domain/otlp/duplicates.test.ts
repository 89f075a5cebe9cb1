import { expect, test } from 'vitest'
import { spanId, spanJson, taken, tracesJson } from './otlp.fixture.ts'

const OTHER = spanJson({ spanId: spanId(7) })

test('of two spans with one id the last is taken', () => {
  const pending = spanJson({ name: 'pending' })
  const { spans, faults, seen } = taken({
    resourceSpans: [tracesJson(pending), tracesJson(OTHER, spanJson())].flatMap(
      (one) => one.resourceSpans as object[],
    ),
  })
  expect(spans.map((span) => span.name)).toEqual(['chat', 'chat'])
  expect([seen, faults]).toEqual([3, [{ code: 'span_id.duplicate', count: 1, first: null }]])
})

test('the same span id in two traces is two spans', () => {
  expect(taken(tracesJson(spanJson(), spanJson({ traceId: '1'.repeat(32) }))).faults).toEqual([])
})
