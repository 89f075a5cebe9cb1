import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodedOf, uncounted } from './otlp.fixture.ts'
import { decodeLogs, decodeTraces } from './requests.ts'

const FIXTURES = '/work/shared/fixtures/otlp'
const file = (name: string) => new Uint8Array(readFileSync(`${FIXTURES}/${name}`))
// They are of 2018.
const THEN = { now: new Date(1_544_712_662_000) }

describe.skipIf(!existsSync(FIXTURES))('the examples of opentelemetry-proto', () => {
  test('a trace', () => {
    const result = decodedOf(decodeTraces(file('trace.json'), 'json', THEN))
    expect(result.faults.size).toBe(0)
    expect(result.groups).toEqual([
      {
        resource: { schemaUrl: '', attributes: { 'service.name': 'my.service' }, droppedAttributesCount: 0 },
        scope: {
          name: 'my.library',
          version: '1.0.0',
          schemaUrl: '',
          attributes: { 'my.scope.attribute': 'some scope attribute' },
          droppedAttributesCount: 0,
        },
        records: [
          {
            traceId: '5b8efff798038103d269b633813fc60c',
            spanId: 'eee19b7ec3c1b174',
            parentSpanId: 'eee19b7ec3c1b173',
            traceState: '',
            flags: 0,
            name: "I'm a server span",
            kind: 2,
            startTimeUnixNano: '1544712660000000000',
            endTimeUnixNano: '1544712661000000000',
            status: { code: 0, message: '' },
            attributes: { 'my.span.attr': 'some value' },
            droppedAttributesCount: 0,
            events: [],
            droppedEventsCount: 0,
            links: [],
            droppedLinksCount: 0,
            faults: [],
          },
        ],
      },
    ])
    expect(decodeTraces(file('trace.pb'), 'protobuf', THEN)).toEqual(result)
  })

  test('logs', () => {
    const result = decodedOf(decodeLogs(file('logs.json'), 'json', THEN))
    expect(result.groups[0]!.records).toEqual([
      {
        timeUnixNano: '1544712660300000000',
        observedTimeUnixNano: '1544712660300000000',
        severityNumber: 10,
        severityText: 'Information',
        eventName: '',
        flags: 0,
        traceId: '5b8efff798038103d269b633813fc60c',
        spanId: 'eee19b7ec3c1b174',
        body: 'Example log record',
        attributes: {
          'string.attribute': 'some string',
          'boolean.attribute': true,
          'int.attribute': 10,
          'double.attribute': 637.704,
          'array.attribute': ['many', 'values'],
          'map.attribute': { 'some.map.key': 'some value' },
        },
        droppedAttributesCount: 0,
        faults: [],
      },
    ])
    expect(decodeLogs(file('logs.pb'), 'protobuf', THEN)).toEqual(result)
  })

  test('an event', () => {
    const [event] = decodedOf(decodeLogs(file('events.json'), 'json', THEN)).groups[0]!.records
    expect(event).toMatchObject({
      eventName: 'browser.page_view',
      severityNumber: 9,
      traceId: null,
      spanId: null,
    })
    expect(event!.body).toMatchObject({ type: 0, title: 'Free Online GUID Generator' })
  })

  test('logs sent as traces are rejected, not stored as spans', () => {
    const asTraces = decodedOf(decodeTraces(file('logs.pb'), 'protobuf', THEN))
    expect([asTraces.groups, [...asTraces.faults.keys()]]).toEqual([[], ['record.malformed']])
    const inJson = decodedOf(decodeTraces(file('logs.json'), 'json', THEN))
    expect([inJson.groups, [...inJson.faults.keys()]]).toEqual([[], ['request.other_signal']])
  })

  test.for(['trace', 'logs'])('%s cut off at any byte is refused whole', (name) => {
    const decode = name === 'trace' ? decodeTraces : decodeLogs
    const whole = { protobuf: file(`${name}.pb`), json: file(`${name}.json`) }
    expect(decodedOf<unknown>(decode(new Uint8Array(), 'protobuf', THEN))).toMatchObject({
      seen: 0,
      groups: [],
    })
    for (let size = 1; size < whole.protobuf.length; size++)
      expect(decode(whole.protobuf.subarray(0, size), 'protobuf', THEN).status).toBe('undecodable')
    for (let size = 0; size < whole.json.length - 1; size++)
      expect(decode(whole.json.subarray(0, size), 'json', THEN).status).toBe('undecodable')
  })

  test('whatever one byte is, nothing throws and nothing is uncounted', () => {
    const whole = file('trace.pb')
    for (let at = 0; at < whole.length; at++)
      for (const byte of [0, 1, 0x7f, 0x80, 0xff, whole[at]! ^ 1, whole[at]! ^ 0x80]) {
        expect(uncounted(decodeTraces(whole.with(at, byte), 'protobuf', THEN))).toBe(0)
      }
  })
})
