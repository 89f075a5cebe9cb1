import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyOf, decodedOf, NOW, spanJson, tracesJson, uncounted } from './otlp.fixture.ts'
import { decodeLogs, decodeTraces } from './requests.ts'
import { plainAttributes, plainSpan, wireForm } from './spans.fixture.ts'

test('both encodings give back what was sent', () => {
  const request = fc.record({
    resource: plainAttributes,
    scope: fc.record({ name: fc.string(), version: fc.string() }),
    records: fc.uniqueArray(plainSpan, { minLength: 1, maxLength: 4, selector: ({ spanId }) => spanId }),
  })
  fc.assert(
    fc.property(request, ({ resource, scope, records }) => {
      const sent = {
        resourceSpans: [
          {
            resource: wireForm({ attributes: resource }),
            scopeSpans: [{ scope, spans: records.map(wireForm) }],
          },
        ],
      }
      for (const encoding of ['json', 'protobuf'] as const) {
        const result = decodedOf(decodeTraces(bodyOf(sent, encoding), encoding, { now: NOW }))
        expect(result.faults.size).toBe(0)
        expect(result.groups).toEqual([
          {
            resource: { schemaUrl: '', attributes: resource, droppedAttributesCount: 0 },
            scope: { ...scope, schemaUrl: '', attributes: {}, droppedAttributesCount: 0 },
            records,
          },
        ])
      }
    }),
  )
})

test('any bytes end in a value, with every record counted', () => {
  const body = bodyOf(tracesJson(spanJson(), spanJson({ attributes: [{ key: 'a', value: {} }] })), 'protobuf')
  const mutated = fc
    .array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => changes.reduce((bytes, [at, byte]) => bytes.with(at, byte), body))
  fc.assert(
    fc.property(
      fc.oneof(mutated, fc.uint8Array()),
      fc.constantFrom('json', 'protobuf'),
      (bytes, encoding) => {
        for (const decode of [decodeTraces, decodeLogs]) {
          expect(uncounted(decode(bytes, encoding, { now: NOW }))).toBe(0)
        }
      },
    ),
    { numRuns: 2_000 },
  )
})

test('any JSON ends in a value', () => {
  const odd = fc.jsonValue({ maxDepth: 2 })
  const mostly = (inner: fc.Arbitrary<unknown>) => fc.oneof({ weight: 4, arbitrary: inner }, odd)
  const message = (fields: Record<string, fc.Arbitrary<unknown>>) =>
    mostly(fc.record(fields, { requiredKeys: [] }))
  const list = (inner: fc.Arbitrary<unknown>) => mostly(fc.array(inner, { maxLength: 3 }))
  const attributes = list(
    message({ key: mostly(fc.string()), value: message({ intValue: odd, arrayValue: odd }) }),
  )
  const span = message({
    ...Object.fromEntries(
      Object.entries(spanJson()).map(([name, value]) => [name, mostly(fc.constant(value))]),
    ),
    attributes,
    events: list(message({ name: odd, attributes })),
    links: odd,
    status: odd,
  })
  const scope = message({ scope: message({ name: odd, attributes }), spans: list(span) })
  const resource = message({ resource: message({ attributes }), scopeSpans: list(scope) })
  fc.assert(
    fc.property(message({ resourceSpans: list(resource) }), (request) => {
      expect(
        uncounted(decodeTraces(new TextEncoder().encode(JSON.stringify(request)), 'json', { now: NOW })),
      ).toBe(0)
    }),
    { numRuns: 1_000 },
  )
})
