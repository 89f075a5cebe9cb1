import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import type { JsonObject } from '../providers/json-object.ts'
import { OTLP_LIMITS, type OtlpLimits } from './limits.ts'
import { attribute, bodyOf, delimited, joined, NOW, spanId, spanJson, tracesJson } from './otlp.fixture.ts'
import { decodeTraces } from './requests.ts'
import { encodeMessage } from './wire/encode.ts'
import { SPAN } from './wire/messages.ts'

const ENCODINGS = ['json', 'protobuf'] as const

function decode(body: Uint8Array, encoding: (typeof ENCODINGS)[number], limits: Partial<OtlpLimits> = {}) {
  const result = decodeTraces(body, encoding, { now: NOW, limits: { ...OTLP_LIMITS, ...limits } })
  if (result.status === 'undecodable') throw new Error(result.reason)
  const spans = result.groups.flatMap(({ records }) => records)
  return { spans, faults: [...result.faults.values()], seen: result.seen }
}

/** One span as both encodings give it under the limits. */
function spanUnder(limits: Partial<OtlpLimits>, fields: JsonObject) {
  const [first, second] = ENCODINGS.map(
    (encoding) => decode(bodyOf(tracesJson(spanJson(fields)), encoding), encoding, limits).spans[0]!,
  )
  expect(second).toEqual(first)
  return first!
}

test('spans beyond the limit are rejected and counted, in their hundreds of thousands', () => {
  const spans = Array.from({ length: 100_000 }, (_, index) => spanJson({ spanId: spanId(index + 1) }))
  const { recordsPerRequest } = OTLP_LIMITS
  for (const encoding of ENCODINGS) {
    const result = decode(bodyOf(tracesJson(...spans), encoding), encoding)
    expect([result.spans.length, result.seen]).toEqual([recordsPerRequest, 100_000])
    const first = { resource: 0, scope: 0, record: recordsPerRequest }
    expect(result.faults).toEqual([{ code: 'record.too_many', count: 90_000, first }])
  }
})

test('an attribute of 1 MB is cut at its limit', () => {
  const { attributes, faults } = spanUnder(
    {},
    { attributes: [attribute('big', 'x'.repeat(2 ** 20)), attribute('b', 1)] },
  )
  expect([(attributes.big as string).length, attributes.b, faults]).toEqual([
    OTLP_LIMITS.valueBytes - 8,
    1,
    ['text.truncated'],
  ])
})

test('text is cut between characters, by its bytes', () => {
  const cut = (name: string, nameBytes: number) => spanUnder({ nameBytes }, { name, kind: 0 }).name
  expect([cut('aé€😀', 1), cut('aé€😀', 2), cut('aé€😀', 3)]).toEqual(['a', 'a', 'aé'])
  expect([cut('aé€😀', 6), cut('aé€😀', 9), cut('aé€😀', 10)]).toEqual(['aé€', 'aé€', 'aé€😀'])
  expect(cut('😀'.repeat(30_000), 100_001)).toBe('😀'.repeat(25_000))
})

test('attributes beyond their number, or the room of the span, are dropped and counted', () => {
  const attributes = Array.from({ length: 20 }, (_, index) => attribute(`key${index}`, 'value'))
  const few = spanUnder({ attributesPerList: 5 }, { attributes, droppedAttributesCount: 2 })
  expect([Object.keys(few.attributes).length, few.droppedAttributesCount]).toEqual([5, 17])
  expect(few.faults).toEqual(['attributes.dropped'])
  const small = spanUnder({ recordBytes: 100 }, { attributes, events: [{ name: 'late' }] })
  expect(small.attributes).toMatchObject({ key0: 'value', key4: 'value' })
  expect(small).toMatchObject({ events: [], droppedEventsCount: 1 })
  expect(small.faults).toEqual(['text.truncated', 'attributes.dropped', 'events.dropped'])
})

test('events and links beyond their number are dropped and counted', () => {
  const link = { traceId: 'a'.repeat(32), spanId: spanId(9) }
  const span = spanUnder(
    { eventsPerSpan: 1, linksPerSpan: 1 },
    { events: [{ name: 'a' }, { name: 'b' }, { name: 'c' }], links: [link, link], droppedLinksCount: 4 },
  )
  expect(span).toMatchObject({ events: [{ name: 'a' }], droppedEventsCount: 2, droppedLinksCount: 5 })
  expect(span.faults).toEqual(['events.dropped', 'links.dropped'])
})

test('a long list ends where its value has no room left', () => {
  const long = { key: 'a', value: { arrayValue: { values: Array.from({ length: 50_000 }, () => ({})) } } }
  const { attributes, faults } = spanUnder({}, { attributes: [long, attribute('b', 1)] })
  expect([(attributes.a as Json[]).length, attributes.b]).toEqual([OTLP_LIMITS.valueBytes / 8 - 1, 1])
  expect(faults).toEqual(['attributes.dropped'])
})

test.for(['list', 'map'])('a %s is null below its depth', (kind) => {
  const nest = (depth: number): Json => {
    let value: Json = 'deepest'
    for (let level = 1; level < depth; level++) value = kind === 'list' ? [value] : { a: value }
    return value
  }
  const depthOf = (value: Json | undefined): number =>
    typeof value === 'object' && value !== null
      ? 1 + depthOf(Object.values(value)[0])
      : value === null
        ? 0
        : 1
  const { valueDepth } = OTLP_LIMITS
  const whole = spanUnder({}, { attributes: [attribute('v', nest(valueDepth))] })
  expect([whole.attributes.v, whole.faults]).toEqual([nest(valueDepth), []])
  for (const depth of [valueDepth + 1, valueDepth + 2, 500]) {
    const deep = spanUnder({}, { attributes: [attribute('v', nest(depth))] })
    expect([depthOf(deep.attributes.v), deep.faults]).toEqual([valueDepth, ['value.too_deep']])
  }
})

test('values nested a hundred thousand deep end in no overflow', () => {
  const depth = 100_000
  const open = '{"arrayValue":{"values":['.repeat(depth)
  const json = JSON.stringify(tracesJson(spanJson({ attributes: [{ key: 'v', value: '%' }] })))
  const body = new TextEncoder().encode(json.replace('"%"', `${open}${']}}'.repeat(depth)}`))
  expect(decode(body, 'json').spans[0]!.faults).toEqual(['value.too_deep'])
  // In protobuf a length stands before each level: some thousand levels are enough.
  let value: Uint8Array = new Uint8Array()
  for (let level = 0; level < 5_000; level++) value = delimited(5, delimited(1, value))
  const span = encodeMessage(SPAN, spanJson())
  const attributes = delimited(9, joined(delimited(1, new TextEncoder().encode('v')), delimited(2, value)))
  const request = delimited(1, delimited(2, delimited(2, joined(span, attributes))))
  expect(decode(request, 'protobuf').spans[0]!.faults).toEqual(['value.too_deep'])
})

test('millions of tiny messages are neither held nor a hang', () => {
  // 6 MB: three million empty attributes in one span, spans in one scope, and resources in one request.
  const tiny = (field: number) => {
    const bytes = new Uint8Array(6_000_000)
    for (let at = 0; at < bytes.length; at += 2) bytes[at] = (field << 3) | 2
    return bytes
  }
  const inScope = (scope: Uint8Array) => delimited(1, delimited(2, scope))
  expect(decode(inScope(delimited(2, tiny(9))), 'protobuf')).toMatchObject({ seen: 1, spans: [] })
  expect(decode(inScope(tiny(2)), 'protobuf')).toMatchObject({ seen: 3_000_000, spans: [] })
  // The same name again and again.
  expect(decode(inScope(delimited(2, tiny(5))), 'protobuf')).toMatchObject({ seen: 1, spans: [] })
  const refused = decodeTraces(tiny(1), 'protobuf', { now: NOW })
  expect(refused).toEqual({
    status: 'undecodable',
    reason: 'The request has more than 10000 resourceSpans and scopeSpans.',
  })
})
