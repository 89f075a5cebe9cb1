import { expect, test } from 'vitest'
import { countFault, type FaultTally } from './fault.ts'
import { exportAnswer, type OtlpAnswer } from './response.ts'
import { statusAnswer } from './rpc-status.ts'
import { LOGS, TRACES } from './signal.ts'
import { cursorOf } from './wire/cursor.ts'
import { decodeMessage } from './wire/decode.ts'
import { BAD_REQUEST, RPC_STATUS, TRACE_RESPONSE } from './wire/messages.ts'
import type { Schema } from './wire/schema.ts'
import { fromBase64 } from './wire/base64.ts'

const json = ({ body }: OtlpAnswer) => JSON.parse(new TextDecoder().decode(body)) as unknown
const message = (body: Uint8Array, schema: Schema) =>
  decodeMessage(cursorOf(body), schema, { fields: 10, depth: 10 }).value

function tally(): FaultTally {
  const faults: FaultTally = new Map()
  countFault(faults, 'span_id.zero', { resource: 0, scope: 1, record: 2 }, 2)
  countFault(faults, 'text.truncated', { resource: 3 })
  countFault(faults, 'span_id.duplicate')
  return faults
}

const WORDS =
  'Rejected: 2 × spanId is all zeroes (first: resourceSpans[0].scopeSpans[1].spans[2]); ' +
  '1 × the span is in the request again; the last one is kept. ' +
  'Taken with faults: 1 × text above the limit is cut (first: resourceSpans[3]).'

test('full success leaves partialSuccess unset', () => {
  expect(json(exportAnswer(TRACES, 'json', new Map()))).toEqual({})
  const answer = exportAnswer(TRACES, 'protobuf', new Map())
  expect([answer.contentType, answer.body.length]).toEqual(['application/x-protobuf', 0])
})

test('partial success counts and says why, in both encodings', () => {
  const expected = { partialSuccess: { rejectedSpans: '3', errorMessage: WORDS } }
  const answer = exportAnswer(TRACES, 'json', tally())
  expect([answer.contentType, json(answer)]).toEqual(['application/json', expected])
  const { body } = exportAnswer(TRACES, 'protobuf', tally())
  expect(message(body, TRACE_RESPONSE)).toEqual({ partialSuccess: { rejectedSpans: 3, errorMessage: WORDS } })
})

test('faults that cost nothing are told with 0 rejected', () => {
  const faults: FaultTally = new Map()
  countFault(faults, 'parent.cycle', null, 2)
  expect(json(exportAnswer(TRACES, 'json', faults))).toEqual({
    partialSuccess: { errorMessage: 'Taken with faults: 2 × the span is its own ancestor.' },
  })
})

test('logs count log records', () => {
  const faults: FaultTally = new Map()
  countFault(faults, 'log.not_evaluation', { resource: 0, scope: 0, record: 4 }, 5)
  expect(json(exportAnswer(LOGS, 'json', faults))).toEqual({
    partialSuccess: {
      rejectedLogRecords: '5',
      errorMessage:
        'Rejected: 5 × only gen_ai.evaluation.result events are taken (first: resourceLogs[0].scopeLogs[0].logRecords[4]).',
    },
  })
})

test('the bytes are those of the protobuf encoding', () => {
  const faults: FaultTally = new Map()
  countFault(faults, 'time.reversed', null, 300)
  const says = new TextEncoder().encode('Rejected: 300 × the span ends before it starts.')
  expect([...exportAnswer(TRACES, 'protobuf', faults).body]).toEqual([
    0x0a,
    says.length + 5,
    0x08,
    0xac,
    0x02,
    0x12,
    says.length,
    ...says,
  ])
})

test('an error is a google.rpc.Status in the encoding of the request', () => {
  expect(json(statusAnswer('json', 413, 'Too large.'))).toEqual({ code: 8, message: 'Too large.' })
  const { body, contentType } = statusAnswer('protobuf', 418, 'Tea.')
  expect([contentType, message(body, RPC_STATUS)]).toEqual([
    'application/x-protobuf',
    { code: 2, message: 'Tea.' },
  ])
})

test('bad data is said field by field', () => {
  const violations = [{ field: 'resourceSpans', description: 'is not a list' }]
  const type = 'type.googleapis.com/google.rpc.BadRequest'
  expect(json(statusAnswer('json', 400, 'Bad.', violations))).toEqual({
    code: 3,
    message: 'Bad.',
    details: [{ '@type': type, fieldViolations: violations }],
  })
  const status = message(statusAnswer('protobuf', 400, 'Bad.', violations).body, RPC_STATUS)
  const [detail] = status.details as { typeUrl: string; value: string }[]
  expect(detail!.typeUrl).toBe(type)
  expect(message(fromBase64(detail!.value), BAD_REQUEST)).toEqual({ fieldViolations: violations })
})
