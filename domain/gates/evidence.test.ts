import { describe, expect, test } from 'vitest'
import type { CohortScore } from '../evaluation/score.ts'
import { noRegression, type PairedRow } from './no-regression.ts'
import { GATES, gateSpec, type EvidenceOf, type GateName } from './registry.ts'
import type { GateResult } from './verdict.ts'

const VERSION = 'a'.repeat(64)
/** What only a person can pass has no evidence that passes. */
type AutomaticGate = Exclude<GateName, 'approval'>
const PARAMS: Partial<Record<GateName, object>> = {
  online: { route: 'r', metrics: { M: { overall: 0.7, cohort: 0.5 } } },
  canary: { route: 'r', metrics: { M: 0.05 } },
  'production-shaped': { route: 'r' },
  freshness: { maxAgeDays: 7 },
  threshold: { metrics: { M: { overall: 0.7, cohort: 0.5 } } },
  'no-regression': { metrics: ['M'] },
}
const score: CohortScore = { metric: 'M', cohort: 'a', n: 200, errors: 0, sum: 180, sumSquares: 165 }
const paired = (n: number, candidate: number): PairedRow[] =>
  Array.from({ length: n }, (_, index) => ({
    cohort: 'a',
    cluster: `c${index}`,
    pairs: { M: { candidate, production: 0.5 } },
  }))
const answered = { answered: true, detail: '', ms: 5 }

/** Evidence that passes, as loaders bring it. */
const side = { traces: 1800, errors: 6, meanLatencyMs: 400, scores: [score] }
const GOOD: { [G in AutomaticGate]: EvidenceOf<G> } = {
  'data-quality': { rows: 10, duplicates: 0, missing: 0, cohorts: { a: 10 }, labels: { x: 5, y: 5 } },
  'pii-residual': {
    rows: 10,
    redactor: 'r@1',
    detector: 'd@1',
    redacted: {},
    residual: {},
    quarantined: { rows: 0, findings: {} },
    canaries: { planted: 100, found: 99 },
  },
  freshness: { now: 1e12, inputs: [{ ref: `dataset:d@${VERSION}`, createdAt: 1e12, newer: null }] },
  coverage: { evaluators: ['A', 'B'], scores: [score] },
  threshold: { scores: [score] },
  'no-regression': { candidate: 'model:m@a', production: 'model:m@b', rows: paired(50, 0.6) },
  'single-change': { production: { model: 'a' }, candidate: { model: 'b' } },
  'production-shaped': {
    dataset: `dataset:d@${VERSION}`,
    rows: { a: 50, b: 50 },
    traffic: { a: 240, b: 260 },
    otherTraffic: 0,
    from: 0,
    to: 1,
  },
  online: {
    judged: { model: 'model:m@a', prompt: null },
    evaluations: [{ evaluationId: 'eval_1', finishedAt: 1 }],
    offline: 0,
    traces: 200,
    scores: [score],
  },
  canary: { canary: { ...side, ref: 'model:m@a' }, incumbent: { ...side, ref: 'model:m@b' }, from: 0, to: 1 },
  'rollback-ready': { previous: `route:r@${VERSION}`, probe: answered, candidate: answered },
}

function judge<G extends AutomaticGate>(gate: G, evidence: EvidenceOf<G>): GateResult {
  const spec = GATES[gate]
  return spec.evaluate(spec.params.parse(PARAMS[gate] ?? {}) as never, evidence as never)
}

const AUTOMATIC = Object.keys(GATES).filter((gate) => gate !== 'approval') as AutomaticGate[]

test('an approval is for a person to give', () => {
  const params = gateSpec('approval')!.params.parse({ question: 'Ship it?' })
  expect(gateSpec('approval')!.evaluate(params, {})).toMatchObject({
    verdict: 'not_run',
    sentence:
      'A person is asked: Ship it? This takes somebody with the scope approve other than the author of the run, within 72 hours.',
  })
  for (const wrong of [
    {},
    { question: '' },
    { question: 'q', deadlineHours: 721 },
    { question: 'q', approvers: [] },
  ])
    expect(gateSpec('approval')!.params.safeParse(wrong).success).toBe(false)
})

describe.for(AUTOMATIC)('%s', (gate) => {
  test('passes good evidence with a sentence, and keeps its numbers as JSON', () => {
    const { verdict, sentence, evidence } = judge(gate, GOOD[gate])
    expect(verdict).toBe('passed')
    expect(sentence).toMatch(/^[A-Z0-9].*\.$/)
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })

  test('takes no parameter that it does not know', () => {
    expect(GATES[gate].params.safeParse({ ...PARAMS[gate], lenient: true }).success).toBe(false)
  })
})

describe('a number that is none never passes', () => {
  const NOT = Number.NaN
  test.for<[string, GateResult]>([
    ['rows', judge('data-quality', { ...GOOD['data-quality'], rows: NOT })],
    ['duplicates', judge('data-quality', { ...GOOD['data-quality'], duplicates: NOT })],
    [
      'planted PII',
      judge('pii-residual', { ...GOOD['pii-residual'], canaries: { planted: NOT, found: NOT } }),
    ],
    ['residual PII', judge('pii-residual', { ...GOOD['pii-residual'], residual: { EMAIL: NOT } })],
    [
      'age',
      judge('freshness', {
        now: 1e12,
        inputs: [{ ref: `dataset:d@${VERSION}`, createdAt: NOT, newer: null }],
      }),
    ],
    ['errors', judge('coverage', { evaluators: ['A', 'B'], scores: [{ ...score, errors: NOT }] })],
    ['sum of scores', judge('threshold', { scores: [{ ...score, sum: NOT, sumSquares: NOT }] })],
    [
      'a single paired score',
      judge('no-regression', {
        ...GOOD['no-regression'],
        rows: [...paired(50, 0.6), ...paired(1, NOT).map((row) => ({ ...row, cluster: 'other' }))],
      }),
    ],
    ['traces', judge('production-shaped', { ...GOOD['production-shaped'], traffic: { a: NOT } })],
    ['scored traces', judge('online', { ...GOOD.online, traces: NOT })],
    [
      'errors of traffic',
      judge('canary', { ...GOOD.canary, canary: { ...GOOD.canary.canary, errors: NOT } }),
    ],
    ['infinite score', judge('threshold', { scores: [{ ...score, sum: Infinity, sumSquares: Infinity }] })],
  ])('%s', ([, { verdict, sentence, evidence }]) => {
    expect(verdict).toBe('not_run')
    expect(sentence).toMatch(/not a number/)
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })
})

test('a check of no input at all is not a check that all inputs are fresh', () => {
  expect(judge('freshness', { now: 1, inputs: [] })).toMatchObject({
    verdict: 'not_run',
    sentence: 'There is no input whose age is known.',
  })
})

test('a perfect score on few rows asks for the rows that would show it', () => {
  const perfect = { ...score, n: 6, sum: 6, sumSquares: 6 }
  // 1 − 0.05^(1/9) ≤ 0.3 for the first time at nine rows.
  expect(judge('threshold', { scores: [perfect] })).toMatchObject({
    verdict: 'inconclusive',
    sentence: 'M is 1.000 on 6 rows, against a threshold of 0.7: not enough to tell, about 9 rows would be.',
  })
})

describe('no-regression and thin cohorts', () => {
  const rows = (cohort: string, n: number, candidate: number, scored = n): PairedRow[] =>
    Array.from({ length: n }, (_, index) => ({
      cohort,
      cluster: `${cohort}${index}`,
      pairs: index < scored ? { M: { candidate, production: 0.5 } } : {},
    }))
  const result = (...parts: PairedRow[][]) =>
    judge('no-regression', { ...GOOD['no-regression'], rows: parts.flat() })
  const lineOf = ({ evidence }: GateResult, cohort: string) =>
    (evidence.lines as { cohort: string; n: number; outcome: string }[]).find(
      (line) => line.cohort === cohort,
    )

  test('a cohort of too few paired rows is shown and not judged', () => {
    const found = result(rows('large', 400, 0.55), rows('thin', 19, 0.1))
    expect(found.verdict).toBe('passed')
    expect(lineOf(found, 'thin')).toMatchObject({ n: 19, outcome: 'inconclusive' })
  })

  test('rows without a pair do not make a cohort large enough to judge', () => {
    const found = result(rows('large', 400, 0.55), rows('unscored', 40, 0.1, 2))
    expect(found.verdict).toBe('passed')
    expect(lineOf(found, 'unscored')).toMatchObject({ n: 2, outcome: 'inconclusive' })
  })

  test('a large cohort with the same loss stops it', () => {
    expect(result(rows('large', 400, 0.55), rows('grown', 20, 0.1)).verdict).toBe('failed')
  })

  test('a single row in common with production shows nothing', () => {
    expect(result(rows('a', 1, 0.5))).toMatchObject({ verdict: 'inconclusive' })
  })
})

test('no-regression does not care for the order of the rows', () => {
  const rows = paired(60, 0.5).map((row, index) => ({
    ...row,
    cohort: index % 2 === 0 ? 'a' : 'b',
    pairs: { M: { candidate: 0.5 + ((index * 7) % 13) / 40 - 0.15, production: 0.5 } },
  }))
  const verdicts = [rows, rows.toReversed()].map(
    (list) => judge('no-regression', { ...GOOD['no-regression'], rows: list }).verdict,
  )
  expect(verdicts[0]).toBe(verdicts[1])
  expect(noRegression.stages).toEqual(['promote'])
})
