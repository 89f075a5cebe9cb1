import { describe, expect, test } from 'vitest'
import { bodyOf, decodedOf, logsJson, nanoBefore, NOW, spanId } from './otlp.fixture.ts'
import { decodeLogs } from './requests.ts'

const HOUR_MS = 3_600_000

describe('log records', () => {
  const logs = (...records: unknown[]) => {
    const result = decodedOf(decodeLogs(bodyOf(logsJson(...records), 'json'), 'json', { now: NOW }))
    return { records: result.groups.flatMap((group) => group.records), codes: [...result.faults.keys()] }
  }

  test('need neither time nor ids, and an invalid id counts as none', () => {
    expect(logs({ body: { stringValue: 'x' } })).toMatchObject({
      records: [{ body: 'x', timeUnixNano: '0', traceId: null }],
      codes: [],
    })
    expect(logs({ traceId: 'x', spanId: spanId(0) })).toMatchObject({
      records: [{ traceId: null, spanId: null, faults: ['log_context.invalid'] }],
    })
  })

  test('the observed time counts where the time is unknown', () => {
    expect(logs({ observedTimeUnixNano: nanoBefore(-2 * HOUR_MS) }).codes).toEqual(['time.future'])
    expect(logs({ timeUnixNano: '1', observedTimeUnixNano: nanoBefore(0) }).codes).toEqual(['time.ancient'])
    expect(logs({ timeUnixNano: 'now' }).codes).toEqual(['time.invalid'])
  })
})
