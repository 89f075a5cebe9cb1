import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Profiler } from './profile.ts'

const row = (id: string, text: string, cohort?: string) => ({
  id,
  ...(cohort === undefined ? {} : { cohort }),
  data: { text },
})

test('counts rows, repeated contents, incomplete rows, cohorts and labels', () => {
  const profiler = new Profiler(({ data }) => data.text !== '')
  profiler.add(row('1', 'a', 'x'), 'track')
  profiler.add(row('2', 'a', 'x'), 'track')
  profiler.add(row('3', ''), undefined)
  expect(profiler.profile()).toEqual({
    rows: 3,
    duplicates: 1,
    missing: 1,
    cohorts: { x: 2, none: 1 },
    labels: { track: 2 },
  })
})

test('counts every cohort and label as often as it stands there, whatever its name', () => {
  const names = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'a'),
    fc.string({ minLength: 1 }),
  )
  fc.assert(
    fc.property(fc.array(names), (list) => {
      const profiler = new Profiler(() => true)
      list.forEach((name, index) => profiler.add(row(String(index), name, name), name))
      const expected = [...new Set(list)].map((name) => [name, list.filter((other) => other === name).length])
      const { cohorts, labels } = profiler.profile()
      expect(new Map(Object.entries(cohorts))).toEqual(new Map(expected as [string, number][]))
      expect(new Map(Object.entries(labels))).toEqual(new Map(expected as [string, number][]))
    }),
  )
})
