import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../providers/json-object.ts'
import type { OtlpEncoding } from './encoding.ts'
import { rejectedBy } from './fault.ts'
import { attribute, bodyOf, spanId, spanJson, taken, TRACE_ID, tracesJson } from './otlp.fixture.ts'

const OTHER = spanJson({ spanId: spanId(7) })
/** The second of the request. */
const SECOND = { resource: 0, scope: 0, record: 1 }

describe('faults a span is taken with', () => {
  const marked = (fields: JsonObject, encoding: OtlpEncoding = 'json') => {
    const { spans, faults } = taken(tracesJson(spanJson(fields)), encoding)
    expect(rejectedBy(faults)).toBe(0)
    expect(faults.map(({ code }) => code)).toEqual(spans[0]!.faults)
    return spans[0]!
  }

  test('a parent that is no id makes a root; one of zeroes is a root', () => {
    expect(marked({ parentSpanId: 'abc' })).toMatchObject({
      parentSpanId: null,
      faults: ['parent_id.invalid'],
    })
    expect(marked({ parentSpanId: spanId(0) })).toMatchObject({ parentSpanId: null, faults: [] })
  })

  test('attributes as an object, entries without a key, and names of enums', () => {
    expect(marked({ attributes: { a: 1 } })).toMatchObject({ attributes: {}, faults: ['attributes.invalid'] })
    const some = [{ value: { stringValue: 'x' } }, 'a', attribute('b', 'y')]
    expect(marked({ attributes: some })).toMatchObject({
      attributes: { b: 'y' },
      faults: ['attributes.invalid'],
    })
    expect(marked({ kind: 'SPAN_KIND_CLIENT' })).toMatchObject({ kind: 0, faults: ['enum.invalid'] })
  })

  test('fields of another type are empty', () => {
    expect(marked({ name: 5, flags: -1, events: {}, links: [1] })).toMatchObject({
      name: '',
      flags: 0,
      events: [],
      links: [],
      faults: ['field.invalid'],
    })
  })

  test('a link that names no span is left out', () => {
    const link = { traceId: TRACE_ID, spanId: spanId(3) }
    const span = marked({ links: [{ traceId: TRACE_ID }, link] })
    expect(span.links).toMatchObject([link])
    expect(span.faults).toEqual(['link.invalid'])
  })

  test('half a surrogate pair', () => {
    expect(marked({ name: 'a\uD83D' })).toMatchObject({ name: 'a\uFFFD', faults: ['text.not_utf8'] })
  })

  test.for(['json', 'protobuf'] as const)(
    'text that is not UTF-8, in %s: only its span is marked',
    (encoding) => {
      const body = bodyOf(tracesJson(OTHER, spanJson({ name: 'NAME' })), encoding)
      const name = body.findIndex((_, at) => new TextDecoder().decode(body.subarray(at, at + 4)) === 'NAME')
      const { spans, faults } = taken(body.with(name + 1, 0xff), encoding)
      expect(spans.map((span) => [span.name, span.faults])).toEqual([
        ['chat', []],
        ['N\uFFFDME', ['text.not_utf8']],
      ])
      expect(faults).toEqual([{ code: 'text.not_utf8', count: 1, first: SECOND }])
    },
  )

  test('a U+FFFD that was sent as such is no fault', () => {
    for (const encoding of ['json', 'protobuf'] as const)
      expect(marked({ name: 'a\uFFFD' }, encoding)).toMatchObject({ name: 'a\uFFFD', faults: [] })
  })
})
