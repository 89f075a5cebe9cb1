import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { slicesOf } from './slices.ts'

const limits = { minTraces: 2, maxConditions: 50 }
const trace = (attributes: Record<string, string>) => ({ score: 0, attributes })
const names = (slices: ReturnType<typeof slicesOf>) =>
  slices.map(({ conditions }) => conditions.map(({ attribute, value }) => `${attribute}=${value}`).join('&'))

test('conditions with enough traces, and pairs that say more than one of them', () => {
  const traces = [
    trace({ lang: 'de', tool: 'refund' }),
    trace({ lang: 'de', tool: 'refund' }),
    trace({ lang: 'de', tool: 'search' }),
    trace({ lang: 'fr', tool: 'refund' }),
    trace({ lang: 'fr', tool: 'search' }),
    trace({ lang: 'it' }),
  ]
  // `lang=fr&tool=…` have one trace each, `lang=it` has one.
  expect(names(slicesOf(traces, limits))).toEqual([
    'lang=de',
    'tool=refund',
    'lang=fr',
    'tool=search',
    'lang=de&tool=refund',
  ])
})

test('conditions that always go together are one slice, one that all traces meet is none', () => {
  const both = Array.from({ length: 6 }, (_, index) =>
    trace({ all: 'x', plan: index < 3 ? 'pro' : 'free', tier: index < 3 ? '1' : '2' }),
  )
  expect(names(slicesOf(both, limits))).toEqual(['plan=free', 'plan=pro'])
})

test('of very many conditions only those of most traces are looked at', () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    trace({ user: `u${index % 100}`, half: String(index % 2), shard: `s${index % 7}` }),
  )
  const slices = slicesOf(many, { minTraces: 2, maxConditions: 9 })
  expect(slices.filter(({ conditions }) => conditions.length === 1)).toHaveLength(9)
  expect(names(slices).some((name) => name.includes('user'))).toBe(false)
})

test('every slice holds just the traces that meet its conditions, names like __proto__ too', () => {
  const word = fc.constantFrom('a', 'b', '__proto__', 'constructor', '')
  const traces = fc.array(fc.dictionary(word, word, { maxKeys: 4 }), { maxLength: 20 })
  fc.assert(
    fc.property(traces, (list) => {
      const all = list.map(trace)
      for (const { conditions, members } of slicesOf(all, limits)) {
        const meets = all.flatMap(({ attributes }, index) =>
          conditions.every(
            ({ attribute, value }) => Object.hasOwn(attributes, attribute) && attributes[attribute] === value,
          )
            ? [index]
            : [],
        )
        expect([...members]).toEqual(meets)
        expect(members.length).toBeGreaterThanOrEqual(2)
      }
    }),
  )
})
