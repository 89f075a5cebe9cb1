import { expect, test } from 'vitest'
import { filteredHref, MOST_ROWS, rowFilterOf, rowsPath } from './row-filter.ts'

test('the address says which rows are asked for', () => {
  const filter = rowFilterOf(new URLSearchParams('metric=f1&cohort=a%20b&show=failed&rows=50'))
  expect(rowsPath('eval_1', filter)).toBe(
    '/evaluations/eval_1/rows?sort=worst&limit=50&metric=f1&cohort=a+b&failed=true',
  )
})

test('nonsense in the address asks for the first rows, and never for more than the API gives', () => {
  expect(rowFilterOf(new URLSearchParams('show=x&rows=-3'))).toMatchObject({ show: 'all', limit: 25 })
  expect(rowFilterOf(new URLSearchParams('rows=9999')).limit).toBe(MOST_ROWS)
})

test('a link to rows leads to where they stand', () => {
  expect(filteredHref('eval_1', { metric: 'f1', show: 'errors' })).toBe(
    '/evaluations/eval_1?metric=f1&show=errors#rows',
  )
  expect(filteredHref('eval_1', {})).toBe('/evaluations/eval_1#rows')
})
