import { describe, expect, test } from 'vitest'
import { rejectedBy } from './fault.ts'
import {
  bodyOf,
  delimited,
  joined,
  NOW,
  SPAN_ID,
  spanId,
  spanJson,
  taken,
  tracesJson,
} from './otlp.fixture.ts'
import { decodeTraces } from './requests.ts'
import { encodeMessage } from './wire/encode.ts'
import { SPAN } from './wire/messages.ts'

const OTHER = spanJson({ spanId: spanId(7) })

describe('a group that breaks off costs what follows in it', () => {
  test('in protobuf', () => {
    // A ResourceSpans of 2 + n bytes around a ScopeSpans that claims one byte more than there is.
    const scope = bodyOf(tracesJson(spanJson()), 'protobuf').slice(2)
    const body = Uint8Array.from([0x0a, scope.length, ...scope.with(1, scope[1]! + 1)])
    const { spans, faults, seen } = taken(body, 'protobuf')
    expect([spans, seen]).toEqual([[], 1])
    expect(faults.map(({ code }) => code)).toEqual(['resource.malformed', 'group.malformed'])
  })

  test('what stands before is taken', () => {
    const [span, other] = [spanJson(), OTHER].map((each) => delimited(2, encodeMessage(SPAN, each)))
    const broken = delimited(1, delimited(2, joined(span!, Uint8Array.of(0x12, 99))))
    const sound = delimited(1, delimited(2, other!))
    const { spans, faults, seen } = taken(joined(broken, sound), 'protobuf')
    expect([spans.map((each) => each.spanId), seen]).toEqual([[SPAN_ID, spanId(7)], 3])
    expect(rejectedBy(faults)).toBe(1)
  })

  test('a resource that breaks off costs its attributes only', () => {
    const resource = delimited(1, Uint8Array.of(0x0a, 99))
    const span = delimited(2, delimited(2, encodeMessage(SPAN, spanJson())))
    const { spans, faults } = taken(delimited(1, joined(span, resource)), 'protobuf')
    expect(spans).toHaveLength(1)
    expect(faults).toEqual([{ code: 'resource.malformed', count: 1, first: { resource: 0 } }])
  })

  test('in JSON', () => {
    const sound = tracesJson(spanJson()).resourceSpans as unknown[]
    const { spans, faults } = taken({
      resourceSpans: [null, { scopeSpans: {} }, { scopeSpans: ['x', { spans: 5 }] }, ...sound],
    })
    expect(spans).toHaveLength(1)
    expect(faults).toEqual([{ code: 'group.malformed', count: 4, first: { resource: 0 } }])
  })
})

test.for([
  ['[]', 'The body is not a JSON object.'],
  ['{"resourceSpans":{}}', 'resourceSpans is not a list.'],
  ['', 'The body is not JSON.'],
] as const)('%s is refused', ([body, reason]) => {
  const result = decodeTraces(new TextEncoder().encode(body), 'json', { now: NOW })
  expect(result).toEqual({ status: 'undecodable', reason })
})

test('an empty request is a success, and unknown fields are ignored', () => {
  for (const request of [
    {},
    { resourceSpans: null },
    { resourceSpans: [] },
    { resourceSpans: [{}], more: 1 },
  ])
    expect(taken(request)).toEqual({ spans: [], faults: [], seen: 0, groups: [] })
  expect(taken(tracesJson(spanJson({ more: [1], trace_id: 'x' }))).faults).toEqual([])
})
