import { describe, expect, test } from 'vitest'
import {
  deployCadence,
  endToEndTime,
  evaluatorCoverage,
  gatePassRate,
  lineageCompleteness,
  rerunReproducibility,
} from './measures.ts'

const WEEK = 7 * 86_400_000
const run = (ingestStartedAt: number | null, deployedAt: number | null) => ({
  runId: 'run_1',
  status: 'succeeded',
  ingestStartedAt,
  deployedAt,
})

test.for([
  ['end-to-end time', endToEndTime([])],
  ['end-to-end time of runs that never deployed', endToEndTime([run(1, null)])],
  ['gate pass rate', gatePassRate([])],
  ['lineage completeness', lineageCompleteness([])],
  ['rerun reproducibility', rerunReproducibility([])],
  ['rerun reproducibility of stages that ran once', rerunReproducibility([['a'], ['b']])],
  ['evaluator coverage', evaluatorCoverage([])],
] as const)('%s of nothing has no value', ([, measure]) => {
  expect(measure.value).toBeNull()
})

describe('what each measure counts', () => {
  test('end-to-end time: the median over the runs that deployed, from ingestion to deployment', () => {
    expect(
      endToEndTime([run(100, 400), run(0, 100), run(0, 5_000), run(7, null), run(null, 9)]),
    ).toMatchObject({ value: 300, unit: 'ms', numerator: 3, denominator: 5 })
  })

  test('end-to-end time of an even number of runs lies between the two in the middle', () => {
    expect(endToEndTime([run(0, 10), run(0, 20), run(0, 40), run(0, 1_000)]).value).toBe(30)
  })

  test('gate pass rate: waived, inconclusive and missing verdicts are not passed', () => {
    const verdicts = ['passed', 'waived', 'inconclusive', 'not_run', 'failed'].map((verdict) => ({ verdict }))
    expect(gatePassRate(verdicts)).toMatchObject({ value: 0.2, numerator: 1, denominator: 5 })
  })

  test('lineage completeness: a deployment counts only with dataset, code and scores', () => {
    const whole = { dataset: true, codeSha: true, scores: true }
    const parts = [{ dataset: false }, { codeSha: false }, { scores: false }].map((lack) => ({
      ...whole,
      ...lack,
    }))
    expect(lineageCompleteness([whole, ...parts]).value).toBe(0.25)
  })

  test('rerun reproducibility: every repetition must give the same', () => {
    expect(rerunReproducibility([['a', 'a'], ['b', 'b', 'c'], ['d']])).toMatchObject({
      value: 0.5,
      denominator: 2,
    })
  })

  test('deploy cadence: the start of the window counts, its end does not', () => {
    expect(deployCadence([0, 5, WEEK, 2 * WEEK], 0, 2 * WEEK).value).toBe(1.5)
  })

  test('deploy cadence: a window of a day is not blown up to a week', () => {
    expect(deployCadence([1, 2], 0, WEEK / 7).value).toBe(2)
  })

  test('deploy cadence: no deployment in the window is a cadence of 0, not an unknown one', () => {
    expect(deployCadence([], 0, 4 * WEEK)).toMatchObject({ value: 0, denominator: 4 })
  })

  test('evaluator coverage: the thinnest evaluation counts, and an evaluator named twice is one', () => {
    expect(
      evaluatorCoverage([
        ['a', 'b', 'c'],
        ['a', 'a'],
      ]).value,
    ).toBe(1)
  })
})
