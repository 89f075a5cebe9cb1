import { expect, test } from 'vitest'
import { compareCopyRates, type CopyRates } from './copy-rate.ts'

const rows = (n: number, rates: (index: number) => [candidate: number, production: number]): CopyRates[] =>
  Array.from({ length: n }, (_, index) => {
    const [candidate, production] = rates(index)
    return { cluster: `r${index}`, candidate, production }
  })
const wobble = (index: number) => ((index * 7) % 11) / 50 - 0.1

test('a candidate that copies much more is said to', () => {
  const found = compareCopyRates(rows(100, (index) => [0.6 + wobble(index), 0.4 - wobble(index)]))!
  expect(found).toMatchObject({ n: 100, differs: true })
  expect(found.sentence).toBe(
    'The candidate copies 60% of its answers from the context and production 40%: overlap scores reward copying, so compare some answers by eye.',
  )
})

test('one that copies much less is too: its grounding is understated', () => {
  expect(compareCopyRates(rows(100, (index) => [0.2 + wobble(index), 0.5]))!.differs).toBe(true)
})

test.for<[string, CopyRates[]]>([
  ['a sure but small difference', rows(2000, (index) => [0.45 + wobble(index), 0.4])],
  ['a large one that may be chance', rows(6, (index) => [index % 2, 0.3])],
  ['two that copy alike', rows(100, (index) => [0.4 + wobble(index), 0.4])],
])('%s is not worth a word', ([, given]) => {
  expect(compareCopyRates(given)).toMatchObject({ differs: false, sentence: null })
})

test('conversations count whole', () => {
  const talk = rows(60, () => [0.6, 0.4]).map((row) => ({ ...row, cluster: 'one' }))
  expect(compareCopyRates(talk)!.differs).toBe(false)
})

test('without a rate on both sides there is nothing to compare', () => {
  expect(compareCopyRates([])).toBeNull()
})
