import { describe, expect, test } from 'vitest'
import { noRegression, type PairedRow } from './no-regression.ts'
import type { RegressionLine } from './regression-lines.ts'

test('the evidence names the rows on which the candidate fell the most, worst first', () => {
  const params = noRegression.params.parse({ metrics: ['M'] })
  const row = (cluster: string, candidate: number, production: number): PairedRow => ({
    cluster,
    cohort: 'c',
    pairs: { M: { candidate, production } },
  })
  const rows = [
    row('better', 1, 0),
    ...Array.from({ length: 20 }, (_, index) => row(`r${index}`, 0.5 - index / 100, 0.5)),
  ]
  const { evidence } = noRegression.evaluate(params, {
    candidate: 'model:m@b',
    production: 'model:m@a',
    rows,
  })
  const samples = evidence.samples as { row: string }[]
  expect(samples.map(({ row: id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => `r${19 - index}`))
  expect(samples[0]).toEqual({
    row: 'r19',
    cohort: 'c',
    metric: 'M',
    candidate: expect.closeTo(0.31),
    production: 0.5,
  })
})

const apart = (n: number, pairOf: (index: number) => PairedRow['pairs'][string]): PairedRow[] =>
  Array.from({ length: n }, (_, index) => ({
    cohort: 'c',
    cluster: `r${index}`,
    pairs: { M: pairOf(index) },
  }))
const noise = (index: number) => ((index * 7) % 13) / 60 - 0.1
const judge = (rows: PairedRow[], params: object = {}, passMarks = {}) =>
  noRegression.evaluate(noRegression.params.parse({ metrics: ['M'], margin: 0.05, ...params }), {
    candidate: 'model:m@b',
    production: 'model:m@a',
    rows,
    passMarks,
  })
const lineOf = (result: ReturnType<typeof judge>) => (result.evidence.lines as RegressionLine[])[0]!

describe('scores of yes and no', () => {
  const yesOrNo = (gained: number, lost: number, n: number) =>
    apart(n, (index) => ({
      candidate: index < lost ? 0 : 1,
      production: index >= lost && index < lost + gained ? 0 : 1,
    }))

  test('are judged by Tango’s score test, with the exact McNemar p-value and its power beside it', () => {
    expect(lineOf(judge(yesOrNo(5, 8, 200)))).toMatchObject({
      method: 'tango',
      gained: 5,
      lost: 8,
      // statsmodels 0.14.
      mcnemarP: expect.closeTo(0.58105, 5),
      lower: expect.closeTo(-0.04805, 4),
      outcome: 'same',
    })
    // 3% of the rows flip each way: a loss of five points is seen with power .22 on 100 rows.
    expect(lineOf(judge(yesOrNo(3, 3, 100))).power).toBeCloseTo(0.223, 3)
  })

  test('of conversations with several rows are judged by conversation', () => {
    const rows = yesOrNo(5, 8, 200).map((row, index) => ({ ...row, cluster: `talk${index % 50}` }))
    expect(lineOf(judge(rows))).toMatchObject({ method: 'clustered-bootstrap', mcnemarP: null })
  })

  test('no loss at all is a pass once there are rows enough', () => {
    expect(judge(yesOrNo(0, 0, 40)).verdict).toBe('inconclusive')
    expect(judge(yesOrNo(0, 0, 60)).verdict).toBe('passed')
  })
})

test('by passes, a row counts by its pass mark', () => {
  const rows = apart(100, (index) => ({ candidate: index < 20 ? 0.55 : 0.9, production: 0.9 }))
  expect(lineOf(judge(rows, { compare: 'passes' }, { M: 0.5 })).difference).toBe(0)
  const marked = judge(rows, { compare: 'passes' }, { M: 0.6 })
  expect(lineOf(marked)).toMatchObject({ difference: -0.2, lost: 20, method: 'tango' })
  expect(marked.verdict).toBe('failed')
  // By scores, what flipped is shown all the same.
  expect(lineOf(judge(rows, {}, { M: 0.6 }))).toMatchObject({ difference: expect.closeTo(-0.07), lost: 20 })
})

describe('when it can’t tell', () => {
  test('it says how many more rows would see a change of the margin, and they do', () => {
    const rows = (n: number) => apart(n, (index) => ({ candidate: 0.5 + 4 * noise(index), production: 0.5 }))
    const found = judge(rows(65))
    expect(found.verdict).toBe('inconclusive')
    expect(found.sentence).toMatch(
      /^M is .0\.\d points on 65 rows: not enough to tell, needs about \d+ more rows to see a 5-point change, against/,
    )
    const { moreRows, power } = lineOf(found)
    expect(power).toBeLessThan(0.8)
    expect(lineOf(judge(rows(65 + moreRows!))).power).toBeCloseTo(0.8, 1)
  })

  test('with power enough it is the nearness of the margin', () => {
    const { sentence, verdict } = judge(
      apart(200, (index) => ({ candidate: 0.455 + noise(index), production: 0.5 })),
    )
    expect(verdict).toBe('inconclusive')
    expect(sentence).toMatch(/not enough to tell, about \d+ rows would be, against/)
  })
})

describe('an improvement too good to be true', () => {
  const leaked = apart(200, (index) => ({ candidate: 0.9 + noise(index), production: 0.5 }))

  test('is for a person to look into', () => {
    const found = judge(leaked)
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      sentence: expect.stringMatching(
        /^M is \+39\.\d points on 200 rows, which is .*: likely leak, check for training rows in the golden set, against model:m@a\.$/,
      ),
    })
    expect(lineOf(found)).toMatchObject({ suspicious: true, outcome: 'better' })
  })

  test('is a remark where the workflow wants no more', () => {
    expect(judge(leaked, { onSuspicious: 'note' })).toMatchObject({
      verdict: 'passed',
      sentence: expect.stringMatching(/^No worse than .* M \+39\.\d points is .*likely leak/),
    })
  })

  test('has a limit of its own, and few rows prove no leak', () => {
    expect(judge(leaked, { suspiciousGain: 0.5 }).sentence).not.toContain('leak')
    expect(judge(leaked.slice(0, 5)).sentence).not.toContain('leak')
  })

  test('of one metric does not hide the loss of another', () => {
    const rows = leaked.map((row) => ({
      ...row,
      pairs: { ...row.pairs, N: { candidate: 0.2, production: 0.5 } },
    }))
    expect(judge(rows, { metrics: ['M', 'N'] })).toMatchObject({
      verdict: 'failed',
      sentence: expect.stringMatching(/^N is −30\.0 points .*likely leak/),
    })
  })
})

test('a candidate that copies more is passed with a warning', () => {
  const rows = apart(100, (index) => ({ candidate: 0.6 + noise(index), production: 0.5 })).map((row) => ({
    ...row,
    copyRate: { candidate: 0.7, production: 0.3 },
  }))
  const found = judge(rows)
  expect(found).toMatchObject({
    verdict: 'passed',
    sentence: expect.stringMatching(/no cohort regressed\. The candidate copies 70% of its answers/),
    evidence: { copyRate: { differs: true, n: 100 } },
  })
  expect(JSON.parse(JSON.stringify(found.evidence))).toEqual(found.evidence)
})
