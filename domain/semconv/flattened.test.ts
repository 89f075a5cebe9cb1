import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flattenedList } from './flattened.ts'

test('indices say an order, not a length', () => {
  const attributes = { 'a.10.x': 3, 'a.2.x': 2, 'a.999999.x': 4, 'a.0.x': 1, 'a.none.x': 5, 'ab.0.x': 6 }
  expect(flattenedList(attributes, 'a').map((item) => ({ ...(item as object) }))).toEqual(
    [1, 2, 3, 4].map((x) => ({ x })),
  )
})

test('a list that is there as JSON counts before its flattened items', () => {
  expect(flattenedList({ a: '[{"x":1}]', 'a.0.x': 2 }, 'a')).toEqual([{ x: 1 }])
  expect(flattenedList({ a: {}, 'a.0': 2 }, 'a')).toEqual([2])
})

test('where a value and a node meet, the first stays, and no value is written to', () => {
  const value = Object.assign(Object.create(null) as object, { y: 1 })
  expect(flattenedList({ 'a.0.x': value, 'a.0.x.y': 2, 'a.0.x.z': 3 }, 'a')).toMatchObject([{ x: { y: 1 } }])
  expect(value).toEqual({ y: 1 })
})

test('any list of flat objects comes back as it was', () => {
  const field = fc.stringMatching(/^[a-z_]{1,8}$/)
  const item = fc.dictionary(field, fc.oneof(fc.integer(), fc.stringMatching(/^[a-z ]{1,9}$/)), {
    minKeys: 1,
  })
  fc.assert(
    fc.property(fc.array(item, { maxLength: 15 }), (list) => {
      const flat = list.flatMap((each, i) =>
        Object.entries(each).map(([name, value]) => [`l.${i}.${name}`, value]),
      )
      const attributes = Object.fromEntries(flat.toReversed()) as Record<string, unknown>
      expect(JSON.parse(JSON.stringify(flattenedList(attributes, 'l')))).toEqual(
        JSON.parse(JSON.stringify(list)),
      )
    }),
  )
})
