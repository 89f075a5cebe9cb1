import { expect, test } from 'vitest'
import { noRegression, type PairedRow } from './no-regression.ts'

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
