import { describe, expect, test } from 'vitest'
import type { CohortScore } from '../evaluation/score.ts'
import { coverage } from './coverage.ts'
import { dataQuality } from './data-quality.ts'
import { freshness } from './freshness.ts'
import { noRegression, type PairedRow } from './no-regression.ts'
import { piiResidual, type ResidualEvidence } from './pii-residual.ts'
import { GATES, gateSpec } from './registry.ts'
import { rollbackReady } from './rollback-ready.ts'
import { singleChange } from './single-change.ts'
import { threshold } from './threshold.ts'
import { blocks } from './verdict.ts'

const score = (metric: string, cohort: string, n: number, mean: number, spread = 0.1): CohortScore => ({
  metric,
  cohort,
  n,
  errors: 0,
  sum: n * mean,
  sumSquares: n * (mean ** 2 + spread ** 2),
})

test.for([
  ['passed', 'block', false],
  ['waived', 'block', false],
  ['failed', 'pass', true],
  ['not_run', 'pass', true],
  ['inconclusive', 'block', true],
  ['inconclusive', 'pass', false],
] as const)('a verdict of %s under the policy %s blocks: %s', ([verdict, policy, blocked]) => {
  expect(blocks(verdict, policy)).toBe(blocked)
})

test('every gate is known by its own name, and by nothing that objects inherit', () => {
  for (const [name, gate] of Object.entries(GATES)) expect(gate.name).toBe(name)
  expect(gateSpec('constructor')).toBeUndefined()
})

describe('threshold', () => {
  const judge = (scores: CohortScore[], metrics = { M: { overall: 0.7, cohort: 0.6 } }) =>
    threshold.evaluate({ metrics, alpha: 0.05, onInconclusive: 'block' }, { scores })

  test('passes when the mean is shown to reach it', () => {
    expect(judge([score('M', 'a', 400, 0.8)])).toMatchObject({
      verdict: 'passed',
      sentence: expect.stringContaining('M 0.800 ≥ 0.7'),
    })
  })

  test('fails when the mean is shown to miss it', () => {
    expect(judge([score('M', 'a', 400, 0.65)])).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringMatching(/M is 0\.650 on 400 rows, against a threshold of 0\.7/),
    })
  })

  test('in between it says how many rows would tell', () => {
    expect(judge([score('M', 'a', 20, 0.72, 0.3)])).toMatchObject({
      verdict: 'inconclusive',
      sentence: expect.stringMatching(/not enough to tell, about 6\d\d rows would be/),
    })
  })

  test('a cohort below its own threshold fails it although the mean is fine', () => {
    const result = judge([score('M', 'big', 900, 0.9), score('M', 'small', 60, 0.4)])
    expect(result).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringContaining('M of small is 0.400 on 60 rows'),
    })
    expect(result.sentence).not.toContain('big')
  })

  test('a metric that nobody scored never passes', () => {
    expect(judge([])).toMatchObject({ verdict: 'not_run', sentence: 'M was not scored.' })
  })
})

describe('no-regression', () => {
  const params = noRegression.params.parse({ metrics: ['M'], margin: 0.05, cohortMargin: 0.1 })
  const rows = (cohort: string, n: number, difference: (index: number) => number): PairedRow[] =>
    Array.from({ length: n }, (_, index) => ({
      cohort,
      cluster: `${cohort}${index}`,
      pairs: { M: { candidate: 0.5 + difference(index), production: 0.5 } },
    }))
  const judge = (paired: PairedRow[], production: string | null = 'model:m@production') =>
    noRegression.evaluate(params, { candidate: 'model:m@candidate', production, rows: paired })
  const noise = (index: number) => ((index % 7) - 3) / 30

  test('an equal model passes', () => {
    expect(judge(rows('a', 300, noise))).toMatchObject({
      verdict: 'passed',
      sentence: expect.stringContaining('no cohort regressed'),
    })
  })

  test('a damaged cohort stops the candidate although the overall mean is inside the margin', () => {
    const result = judge([
      ...rows('fine', 900, (index) => noise(index) + 0.02),
      ...rows('damaged', 60, (index) => noise(index) - 0.4),
    ])
    expect(result).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringMatching(/^M of damaged is −40\.\d points on 60 rows, against/),
    })
  })

  test('few noisy rows cannot tell, and say how many would', () => {
    expect(judge(rows('a', 12, (index) => (index % 2 === 0 ? 0.3 : -0.3)))).toMatchObject({
      verdict: 'inconclusive',
      sentence: expect.stringMatching(
        /not enough to tell, needs about 230 more rows to see a 5-point change/,
      ),
    })
  })

  test('no rows in common is not a pass', () => {
    expect(judge([])).toMatchObject({
      verdict: 'not_run',
      sentence: expect.stringContaining('no rows in common'),
    })
  })

  test('the first model has nothing to regress from', () => {
    expect(judge([], null)).toMatchObject({ verdict: 'passed' })
  })

  test('its evidence is JSON, even without a row', () => {
    const { evidence } = judge([])
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
  })
})

test('coverage fails without scores, with too few evaluators, or with too many unscored rows', () => {
  const params = coverage.params.parse({ maxErrors: 0.02 })
  const judge = (evaluators: string[], scores: CohortScore[]) =>
    coverage.evaluate(params, { evaluators, scores })
  expect(judge(['A', 'B'], [])).toMatchObject({ verdict: 'failed', sentence: 'no row was scored.' })
  expect(judge(['A', 'A'], [score('A', 'x', 10, 1)])).toMatchObject({
    verdict: 'failed',
    sentence: '1 evaluators are fewer than 2.',
  })
  expect(judge(['A', 'B'], [{ ...score('A', 'x', 90, 1), errors: 10 }])).toMatchObject({
    verdict: 'failed',
    sentence: '10.0% of the rows have no A.',
  })
  expect(judge(['A', 'B'], [score('A', 'x', 90, 1)]).verdict).toBe('passed')
})

test('data-quality names each fault', () => {
  const params = dataQuality.params.parse({ minRows: 100, maxLabelShare: 0.5, minCohortRows: 5 })
  const profile = { rows: 50, duplicates: 10, missing: 1, cohorts: { a: 48, b: 2 }, labels: { x: 40, y: 10 } }
  const { verdict, sentence } = dataQuality.evaluate(params, profile)
  expect(verdict).toBe('failed')
  for (const part of [
    '50 rows are fewer than 100',
    '20.0% of the rows repeat others',
    '2.0% of the rows lack',
    'label x',
    'cohort b has only 2 rows',
  ]) {
    expect(sentence).toContain(part)
  }
  expect(
    dataQuality.evaluate(dataQuality.params.parse({}), { ...profile, duplicates: 0, missing: 0, labels: {} })
      .verdict,
  ).toBe('passed')
})

test('pii-residual wants nothing left, few rows set aside, and a redactor that finds what was planted', () => {
  const evidence: ResidualEvidence = {
    rows: 95,
    redactor: 'r@1',
    detector: 'd@1',
    redacted: { EMAIL: 7 },
    residual: {},
    quarantined: { rows: 5, findings: { PERSON: 6 } },
    canaries: { planted: 100, found: 99 },
  }
  const judge = (change: Partial<ResidualEvidence>) =>
    piiResidual.evaluate(piiResidual.params.parse({}), { ...evidence, ...change })
  expect(judge({})).toMatchObject({
    verdict: 'passed',
    sentence: expect.stringContaining('7 pieces of PII were redacted; 5 rows'),
  })
  expect(judge({ residual: { EMAIL: 1 } }).verdict).toBe('failed')
  expect(judge({ quarantined: { rows: 50, findings: {} } }).sentence).toContain('had to be set aside')
  expect(judge({ canaries: { planted: 100, found: 80 } }).sentence).toContain('only 80.0% of the planted PII')
})

test('freshness names the input that is too old, and the one that a newer version overtook', () => {
  const params = freshness.params.parse({ maxAgeDays: 7 })
  const day = 86_400_000
  const ref = (digit: string) => `dataset:d@${digit.repeat(64)}`
  const judge = (age: number, newer: string | null) =>
    freshness.evaluate(params, {
      now: 100 * day,
      inputs: [
        {
          ref: ref('1'),
          createdAt: (100 - age) * day,
          newer: newer === null ? null : { ref: newer, createdAt: 0 },
        },
      ],
    })
  expect(judge(3, null).verdict).toBe('passed')
  expect(judge(9, null).sentence).toBe('dataset:d@111111111111 is 9.0 days old; 7 are allowed.')
  expect(judge(3, ref('2')).sentence).toBe('dataset:d@111111111111 is older than dataset:d@222222222222.')
})

test('single-change lets one axis change and names two', () => {
  const judge = (candidate: Record<string, string>) =>
    singleChange.evaluate(singleChange.params.parse({}), {
      production: { model: 'a', prompt: 'p' },
      candidate,
    })
  expect(judge({ model: 'b', prompt: 'p' })).toMatchObject({
    verdict: 'passed',
    sentence: 'Only the model differs from production.',
  })
  expect(judge({ model: 'b', prompt: 'q' })).toMatchObject({
    verdict: 'failed',
    sentence: expect.stringContaining('model and prompt change together'),
  })
  expect(judge({ model: 'b', prompt: 'p', route: 'limits' }).sentence).toContain(
    'model and configuration of the route change together',
  )
})

test('rollback-ready wants both the new target and the one before it to answer', () => {
  const yes = { answered: true, detail: '', ms: 1 }
  const no = { answered: false, detail: 'refused', ms: 1 }
  const judge = (candidate: typeof yes, probe: typeof yes | null, previous: string | null = 'route:r@x') =>
    rollbackReady.evaluate(rollbackReady.params.parse({}), { previous, probe, candidate }).verdict
  expect(judge(yes, yes)).toBe('passed')
  expect(judge(yes, null, null)).toBe('passed')
  expect([judge(no, yes), judge(yes, no), judge(yes, null)]).toEqual(['failed', 'failed', 'failed'])
})

describe('too little data is no failure', () => {
  test('a label that is frequent by chance', () => {
    const profile = { rows: 5, duplicates: 0, missing: 0, cohorts: { a: 5 }, labels: { x: 4, y: 1 } }
    expect(dataQuality.evaluate(dataQuality.params.parse({}), profile)).toMatchObject({
      verdict: 'inconclusive',
      sentence: '80.0% of the rows have the label x: not enough to tell, about 17 rows would be.',
      evidence: { rowsNeeded: 17 },
    })
  })

  test('one row in twenty that could not be scored', () => {
    const scores = ['A', 'B'].map((metric) => ({ ...score(metric, 'x', 19, 1), errors: 1 }))
    expect(coverage.evaluate(coverage.params.parse({}), { evaluators: ['A', 'B'], scores })).toMatchObject({
      verdict: 'inconclusive',
      sentence: expect.stringMatching(/^5\.0% of the rows have no A: not enough to tell, about \d+ rows/),
    })
  })

  test('few plants, all found, prove no recall; and a fault outweighs a doubt', () => {
    const evidence: ResidualEvidence = {
      rows: 100,
      redactor: 'r@1',
      detector: 'd@1',
      redacted: {},
      residual: {},
      quarantined: { rows: 0, findings: {} },
      canaries: { planted: 10, found: 10 },
    }
    const params = piiResidual.params.parse({})
    expect(piiResidual.evaluate(params, evidence)).toMatchObject({
      verdict: 'inconclusive',
      sentence: '10 pieces of PII were planted: not enough to tell, about 59 pieces would be.',
    })
    expect(piiResidual.evaluate(params, { ...evidence, residual: { EMAIL: 1 } }).verdict).toBe('failed')
  })

  test('a cohort of a few good rows is not shown to be good, and does not stop a model either', () => {
    const params = threshold.params.parse({ metrics: { M: { overall: 0.7, cohort: 0.6 } } })
    const scores = [score('M', 'big', 900, 0.9), score('M', 'thin', 3, 0.62, 0.3)]
    const { verdict, evidence } = threshold.evaluate(params, { scores })
    expect(verdict).toBe('passed')
    expect(evidence.lines).toContainEqual(
      expect.objectContaining({ cohort: 'thin', verdict: 'inconclusive' }),
    )
  })
})
