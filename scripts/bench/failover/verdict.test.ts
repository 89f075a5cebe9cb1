import { describe, expect, test } from 'vitest'
import { ANSWER, TOKENS } from './answer.ts'
import type { Seen } from './caller.ts'
import type { Evidence } from './checks.ts'
import { OUTAGE_MS } from './faults.ts'
import type { LogEntry } from './provider-process.ts'
import { SCENARIOS } from './scenarios.ts'
import { verdictOf } from './verdict.ts'

const answered: Seen = {
  outcome: 'answered',
  text: ANSWER,
  model: 'healthy-x',
  usage: true,
  error: null,
  seconds: 1,
}
const refused: Seen = { ...answered, outcome: 'error', text: '', error: 'HTTP 502' }
const cut: Seen = { ...answered, text: TOKENS.slice(0, 40).join('') }
const attempts = (...atMs: number[]): LogEntry[] =>
  atMs.map((at) => ({ atMs: at, action: '503', prefill: false }))

function judge(id: string, evidence: Partial<Evidence>, hasFallback = true): string {
  return verdictOf(
    SCENARIOS.find((scenario) => scenario.id === id)!,
    {
      seen: [answered],
      sentAtMs: [0],
      primary: attempts(0),
      fallback: attempts(100),
      fallbackModel: 'healthy-x',
      aliveAfter: true,
      ...evidence,
    },
    hasFallback,
  ).verdict
}

test('there are sixteen scenarios, each with a model of its own', () => {
  expect(SCENARIOS.map(({ id }) => id)).toEqual(
    Array.from({ length: 16 }, (_, i) => `S${String(i + 1).padStart(2, '0')}`),
  )
  expect(new Set(SCENARIOS.map(({ model }) => model)).size).toBe(16)
})

test.for(SCENARIOS.map(({ id }) => id))('%s: half an answer as success, or no end, fails', (id) => {
  expect(judge(id, { seen: [cut] })).toBe('fail')
  expect(judge(id, { seen: [{ ...refused, outcome: 'hung' }] })).toBe('fail')
})

test('an error is safe, unless it is the right answer', () => {
  expect(judge('S08', { seen: [refused] })).toBe('safe')
  expect(judge('S13', { seen: [refused] })).toBe('pass')
  expect(judge('S13', {})).toBe('partial')
})

describe('conduct', () => {
  test.for<[string, string, Partial<Evidence>, string]>([
    ['a retry that waits as it was told', 'S01', { primary: attempts(0, 2_010) }, 'pass'],
    ['a retry that comes early', 'S01', { primary: attempts(0, 600) }, 'partial'],
    ['no retry', 'S01', {}, 'partial'],
    ['a tight loop', 'S01', { primary: attempts(0, 100, 200) }, 'fail'],
    ['hammering', 'S02', { primary: attempts(0, 10, 20, 30, 40) }, 'fail'],
    [
      'patience in the end too long',
      'S02',
      { primary: attempts(0, 4e3, 8e3, 12e3, 16e3, 20e3, 24e3) },
      'fail',
    ],
    ['no second try of what was broken once', 'S03', {}, 'partial'],
    ['a silent model asked twice', 'S06', { primary: attempts(0, 30_000) }, 'partial'],
    ['a slow first token waited for', 'S07', { seen: [{ ...answered, seconds: 21 }] }, 'partial'],
    ['dead afterwards', 'S09', { aliveAfter: false, seen: [refused] }, 'fail'],
    ['a stall that is waited out too long', 'S09', { seen: [{ ...refused, seconds: 50 }] }, 'fail'],
    ['no usage without [DONE]', 'S11', { seen: [{ ...answered, usage: false }] }, 'partial'],
    ['a request too long asked again', 'S12', { primary: attempts(0, 100) }, 'fail'],
    [
      'a refused prefill as the error',
      'S14',
      { seen: [refused], fallback: [{ ...attempts(1)[0]!, prefill: true }] },
      'fail',
    ],
    [
      'an answer under the name of the model that failed',
      'S16',
      { seen: [{ ...answered, model: 's16' }] },
      'fail',
    ],
  ])('%s (%s)', ([, id, evidence, verdict]) => {
    expect(judge(id, evidence)).toBe(verdict)
  })
})

describe('an outage', () => {
  const sentAtMs = [0, 30_000, OUTAGE_MS + 4_000]
  const seen = [answered, answered, answered]

  test('is survived by a fallback, and over when the primary is used again', () => {
    expect(judge('S15', { seen, sentAtMs, primary: attempts(0, OUTAGE_MS + 4_000) })).toBe('pass')
    expect(judge('S15', { seen, sentAtMs, primary: attempts(0) })).toBe('fail')
    expect(judge('S15', { seen, sentAtMs, primary: attempts(0, OUTAGE_MS + 31_000) })).toBe('fail')
    expect(judge('S15', { seen: [refused, answered, answered], sentAtMs })).toBe('fail')
  })

  test('is not held against a client without fallback', () => {
    expect(judge('S15', { seen: [refused, refused, answered], sentAtMs }, false)).toBe('safe')
  })
})
