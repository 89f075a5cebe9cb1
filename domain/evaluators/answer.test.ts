import { expect, test } from 'vitest'
import { actionNames, parseJson, readAnswer } from './answer.ts'

test('the reply of a JSON response is judged, else the response itself', () => {
  expect(readAnswer('{"intent":"a","action":"Refund_Order","reply":"Done."}')).toEqual({
    text: 'Done.',
    actions: ['refund_order'],
    truncated: false,
  })
  expect(readAnswer('Done.')).toEqual({ text: 'Done.', actions: [], truncated: false })
  expect(readAnswer('{"reply":5}').text).toBe('{"reply":5}')
  expect(readAnswer('{"broken').text).toBe('{"broken')
})

test('actions are a set without those that change nothing', () => {
  expect(actionNames('b, a; a')).toEqual(['a', 'b'])
  expect(actionNames(['a', 1, 'none'])).toEqual(['a'])
  expect(actionNames(null)).toEqual([])
})

test('nesting is counted outside of strings', () => {
  expect(parseJson(JSON.stringify('['.repeat(1000)))).toEqual({ value: '['.repeat(1000) })
  expect(parseJson('['.repeat(101) + ']'.repeat(101))).toEqual({ problem: 'nested deeper than 100 levels' })
})
