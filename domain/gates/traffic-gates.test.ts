import { describe, expect, test } from 'vitest'
import type { CohortScore } from '../evaluation/score.ts'
import { seededIndex } from '../statistics/random.ts'
import { canary, type CanaryEvidence, type CanarySide } from './canary.ts'
import { online, type OnlineEvidence } from './online.ts'
import { productionShaped } from './production-shaped.ts'

const VERSION = 'a'.repeat(64)
const score = (cohort: string, n: number, mean: number, spread = 0.2): CohortScore => ({
  metric: 'M',
  cohort,
  n,
  errors: 0,
  sum: n * mean,
  sumSquares: n * (mean ** 2 + spread ** 2),
})

describe('production-shaped', () => {
  const params = productionShaped.params.parse({ route: 'support' })
  const judge = (rows: Record<string, number>, traffic: Record<string, number>, otherTraffic = 0) =>
    productionShaped.evaluate(params, {
      dataset: `dataset:golden@${VERSION}`,
      rows,
      traffic,
      otherTraffic,
      from: 0,
      to: 1,
    })

  test('names the cohorts that the dataset lacks, with their share of the traffic', () => {
    const { verdict, sentence, evidence } = judge(
      { orders: 300, returns: 200 },
      { orders: 500, returns: 380, 'billing-de': 120 },
    )
    expect(verdict).toBe('failed')
    expect(sentence).toBe('12.0% of the traffic of support is `billing-de`, absent from the dataset.')
    expect(evidence).toMatchObject({ absent: ['billing-de'], missingShare: 0.12, traces: 1000 })
  })

  test('names at most three of many', () => {
    const traffic = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`new-${index}`, 10]))
    expect(judge({ orders: 300 }, { orders: 380, ...traffic }).sentence).toContain(
      '2.0% of the traffic of support is `new-0`, 2.0% is `new-1`, 2.0% is `new-2`, with 9 more cohorts, absent from the dataset',
    )
  })

  test('a mix that differs is shown by the cohort that differs most', () => {
    expect(judge({ orders: 300, returns: 100 }, { orders: 400, returns: 600 })).toMatchObject({
      verdict: 'failed',
      sentence:
        'the mix differs by 35.0%, and 15.0% is allowed; `orders` is 40.0% of the traffic and 75.0% of the dataset.',
    })
  })

  test('a trifle passes, however many traces prove it', () => {
    const { verdict, evidence } = judge({ a: 50_000, b: 50_000 }, { a: 520_000, b: 480_000 })
    expect(verdict).toBe('passed')
    expect(evidence.pValue).toBeLessThan(1e-9)
  })

  test('few traces cannot tell, and it says how many would', () => {
    expect(judge({ a: 100 }, { a: 30 })).toMatchObject({
      verdict: 'inconclusive',
      sentence: 'support had 30 traces in the last 7 days: not enough to tell, about 200 traces would be.',
      evidence: { rowsNeeded: 200 },
    })
    expect(judge({ a: 100 }, {}).verdict).toBe('inconclusive')
  })

  test('a small dataset that differs by chance is no failure', () => {
    const found = judge({ a: 9, b: 5 }, { a: 460, b: 540 })
    expect(found.verdict).toBe('inconclusive')
    expect(found.sentence).toMatch(/the mix differs by 18\.3%.*: not enough to tell\.$/)
  })

  test('a dataset drawn from the traffic hardly ever fails', () => {
    const draw = seededIndex(4)
    const sample = (size: number) => {
      const found: Record<string, number> = {}
      for (let index = 0; index < size; index++) {
        const cohort = `c${Math.floor(12 * (draw(1000) / 1000) ** 2)}`
        found[cohort] = (found[cohort] ?? 0) + 1
      }
      return found
    }
    const verdicts = Array.from({ length: 200 }, () => judge(sample(200), sample(200)).verdict)
    expect(verdicts.filter((verdict) => verdict === 'failed').length).toBeLessThanOrEqual(10)
  })

  test('cohorts may have the name of what every object has', () => {
    expect(judge({ constructor: 100 }, { constructor: 200, toString: 100 }).sentence).toContain(
      '33.3% of the traffic of support is `toString`',
    )
  })

  test('a dataset without rows was not looked at', () => {
    expect(judge({}, { a: 500 }).verdict).toBe('not_run')
  })
})

describe('online', () => {
  const params = online.params.parse({ route: 'support', metrics: { M: { overall: 0.7, cohort: 0.5 } } })
  const seen: OnlineEvidence = {
    judged: { model: `model:m@${VERSION}`, prompt: null },
    evaluations: [{ evaluationId: 'eval_swp_1', finishedAt: 1 }],
    offline: 2,
    traces: 200,
    scores: [score('a', 200, 0.8)],
  }
  const judge = (change: Partial<OnlineEvidence>) => online.evaluate(params, { ...seen, ...change })

  test('passes on scores of live traffic', () => {
    expect(judge({})).toMatchObject({
      verdict: 'passed',
      sentence: expect.stringMatching(/^On 200 live answers of model:m@aaaaaaaaaaaa: .*M 0\.800 ≥ 0\.7/),
    })
  })

  test('offline scores alone never count, and it says so', () => {
    expect(judge({ evaluations: [], traces: 0, scores: [] })).toMatchObject({
      verdict: 'not_run',
      sentence:
        'No sweep of support scored an answer of model:m@aaaaaaaaaaaa in the last 24 hours. There are 2 offline evaluations of it, and an offline verdict does not count here.',
    })
    expect(judge({ evaluations: [], traces: 0, scores: [], offline: 0 }).sentence).not.toContain('offline')
  })

  test('few scored answers cannot tell', () => {
    expect(judge({ traces: 40 })).toMatchObject({ verdict: 'inconclusive', evidence: { rowsNeeded: 100 } })
  })

  test('a bad cohort stops it, and so do low scores', () => {
    expect(judge({ scores: [score('a', 150, 0.9), score('b', 50, 0.3)] })).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringContaining('M of b is 0.300 on 50 rows'),
    })
    expect(judge({ scores: [score('a', 200, 0.6)] }).verdict).toBe('failed')
  })

  test('a later attempt has to show more', () => {
    const scores = [score('a', 200, 0.73)]
    expect(judge({ scores }).verdict).toBe('passed')
    const tenth = judge({ scores, attempt: { family: 'f', evaluationId: 'e', ordinal: 10 } })
    expect(tenth).toMatchObject({
      verdict: 'inconclusive',
      sentence: expect.stringMatching(/10th attempt on the same model: judged at alpha 0\.0003/),
    })
  })
})

describe('canary', () => {
  const params = canary.params.parse({ route: 'support', metrics: { M: 0.05 }, maxErrorIncrease: 0.02 })
  const side = (
    ref: string,
    traces: number,
    errors: number,
    scores = [score('a', 300, 0.8)],
  ): CanarySide => ({
    ref,
    traces,
    errors,
    meanLatencyMs: 300,
    scores,
  })
  const judge = (own: CanarySide, other: CanarySide | null, change: Partial<CanaryEvidence> = {}) =>
    canary.evaluate(params, { canary: own, incumbent: other, from: 0, to: 1, ...change })
  const old = side('model:m@old', 5000, 25)

  test('passes when it is shown to be no worse', () => {
    expect(judge(side('model:m@new', 1000, 5), old)).toMatchObject({
      verdict: 'passed',
      sentence:
        'The canary model:m@new does no worse than model:m@old on 1000 and 5000 traces: the error rate +0.0 points (+2.0 allowed), M +0.0 points (−5.0 allowed).',
    })
  })

  test('fails on errors, and on scores', () => {
    expect(judge(side('model:m@new', 1000, 80), old)).toMatchObject({
      verdict: 'failed',
      sentence: 'the error rate +7.5 points (+2.0 allowed) on 1000 traces.',
    })
    expect(judge(side('model:m@new', 1000, 5, [score('a', 300, 0.6)]), old)).toMatchObject({
      verdict: 'failed',
      sentence:
        'M −20.0 points (−5.0 allowed) on 300 traces; M of a −20.0 points (−10.0 allowed) on 300 traces.',
    })
  })

  test('a cohort that is shown to be much worse stops it although the mean is fine', () => {
    const scores = (b: number) => [score('a', 900, 0.8), score('b', 60, b)]
    const found = judge(side('new', 1000, 5, scores(0.4)), side('old', 5000, 25, scores(0.8)))
    expect(found).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringContaining('M of b −40.0 points'),
    })
  })

  test('in between it says how many traces of the canary would tell, and they would', () => {
    const found = judge(side('model:m@new', 300, 4), old)
    expect(found.verdict).toBe('inconclusive')
    const needed = Number(/about (\d+) traces of the canary would be/.exec(found.sentence)?.[1])
    expect(needed).toBeGreaterThan(300)
    const factor = needed / 300
    const more = judge(
      side('model:m@new', needed, 4 * factor),
      side('model:m@old', 5000 * factor, 25 * factor),
    )
    expect(more.verdict).toBe('passed')
  })

  test('too little traffic on either side cannot tell', () => {
    const found = judge(side('model:m@new', 12, 0), old)
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      sentence:
        'model:m@new had 12 traces in the last 60 minutes: not enough to tell, about 200 traces would be.',
    })
  })

  test('scores that are asked for and not there are not passed over', () => {
    expect(judge(side('model:m@new', 1000, 5, []), old)).toMatchObject({
      verdict: 'not_run',
      sentence: expect.stringContaining('No answers of both sides have a score of M'),
    })
  })

  test('the first version has no incumbent', () => {
    expect(judge(side('model:m@new', 0, 0), null).verdict).toBe('passed')
  })

  /** Looks after every 20 traces of each side, from the fewest on, until the gate has decided. */
  const watch = (streams: number, [own, other]: readonly [number, number], loss: number, most: number) => {
    const draw = seededIndex(31)
    const uniform = () => draw(2 ** 30) / 2 ** 30
    const found = { passed: 0, failed: 0, inconclusive: 0, traces: 0 }
    for (let stream = 0; stream < streams; stream++) {
      const sides = [
        { rate: own, loss, errors: 0, sum: 0, sumSquares: 0 },
        { rate: other, loss: 0, errors: 0, sum: 0, sumSquares: 0 },
      ]
      let verdict = 'inconclusive'
      let n = 0
      while (n < most && verdict === 'inconclusive') {
        n += 20
        for (const one of sides) {
          for (let trace = 0; trace < 20; trace++) {
            if (uniform() < one.rate) one.errors += 1
            const value = Math.max(0, (uniform() < 0.25 ? 0.5 * uniform() : 0.6 + 0.4 * uniform()) - one.loss)
            one.sum += value
            one.sumSquares += value ** 2
          }
        }
        const [canarySide, incumbentSide] = sides.map(({ errors, sum, sumSquares }, index) =>
          side(`model:m@${index}`, n, errors, [{ metric: 'M', cohort: 'a', n, errors: 0, sum, sumSquares }]),
        )
        verdict = judge(canarySide!, incumbentSide!).verdict
      }
      found[verdict as 'passed'] += 1
      found.traces += n
    }
    return { ...found, traces: found.traces / streams }
  }

  test('looking until it passes does not help one that is just too bad, by its errors or by its scores', () => {
    expect(watch(120, [0.03, 0.01], 0, 3_000).passed).toBeLessThanOrEqual(6)
    expect(watch(120, [0.01, 0.01], 0.06, 3_000).passed).toBeLessThanOrEqual(6)
  })

  test('nor does it stop one that is as good: that passes, in time', () => {
    const { passed, failed, traces } = watch(100, [0.01, 0.01], 0, 6_000)
    expect([passed, failed]).toEqual([100, 0])
    expect(traces).toBeLessThan(2_000)
  })

  test('one that is broken is stopped soon', () => {
    const { failed, traces } = watch(60, [0.1, 0.01], 0, 6_000)
    expect(failed).toBe(60)
    expect(traces).toBeLessThan(600)
  })

  test('looking at ever new traffic has to show more each time', () => {
    const own = side('model:m@new', 1000, 8)
    expect(judge(own, old).verdict).toBe('passed')
    const late = judge(own, old, { attempt: { family: 'f', evaluationId: 'e', ordinal: 40 } })
    expect(late.verdict).toBe('inconclusive')
    expect(late.sentence).toMatch(/40th attempt on the same incumbent/)
  })
})
