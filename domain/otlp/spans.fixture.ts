import * as fc from 'fast-check'
import type { Json } from '../json.ts'
import type { JsonObject } from '../providers/json-object.ts'
import { attribute, nanoBefore } from './otlp.fixture.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'gen_ai.system'), text.filter(Boolean))

/** Values as they may stand in the plain shape, except what only text can say. */
export const plainValue: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((double) => !Object.is(double, -0)),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
})).value

export const plainAttributes: fc.Arbitrary<Record<string, Json>> = fc.dictionary(key, plainValue, {
  maxKeys: 6,
})

const id = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((chars) => chars.join(''))
    .filter((hex) => /[^0]/.test(hex))

const uint32 = fc.nat(0xff_ff_ff_ff)
const nano = fc.nat(1_000_000).map((ms) => nanoBefore(ms))

/** A sound span in the plain shape, without faults. */
export const plainSpan = fc
  .record({
    traceId: id(32),
    spanId: id(16),
    parentSpanId: fc.constant(null),
    traceState: text,
    flags: uint32,
    name: text,
    kind: fc.nat(5),
    times: fc.tuple(nano, nano),
    status: fc.record({ code: fc.nat(2), message: text }),
    attributes: plainAttributes,
    droppedAttributesCount: uint32,
    events: fc.array(
      fc.record({
        timeUnixNano: nano,
        name: text,
        attributes: plainAttributes,
        droppedAttributesCount: uint32,
      }),
      { maxLength: 3 },
    ),
    droppedEventsCount: uint32,
    links: fc.array(
      fc.record({
        traceId: id(32),
        spanId: id(16),
        traceState: text,
        flags: uint32,
        attributes: plainAttributes,
        droppedAttributesCount: uint32,
      }),
      { maxLength: 2 },
    ),
    droppedLinksCount: uint32,
    faults: fc.constant([]),
  })
  .map(({ times, ...span }) => {
    const [startTimeUnixNano, endTimeUnixNano] = times.toSorted()
    return { ...span, startTimeUnixNano: startTimeUnixNano!, endTimeUnixNano: endTimeUnixNano! }
  })

/** Attributes at any level of a plain shape as lists of KeyValue. */
export function wireForm(plain: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(plain).flatMap(([name, value]) => {
      if (name === 'faults') return []
      if (name === 'attributes')
        return [
          [name, Object.entries(value as Record<string, Json>).map(([key, item]) => attribute(key, item))],
        ]
      if (name === 'events' || name === 'links') return [[name, (value as JsonObject[]).map(wireForm)]]
      return [[name, value]]
    }),
  )
}
