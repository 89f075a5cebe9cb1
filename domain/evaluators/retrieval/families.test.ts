import { expect, test } from 'vitest'
import { stemOf } from '../text/stems.ts'
import { affinity, standIns } from './families.ts'

const of = (a: string, b: string) => affinity(stemOf(a), stemOf(b))

test('the same word, a word of its root, of its family, another word', () => {
  expect(of('refund', 'refunds')).toBe(1)
  expect(of('invent', 'inventor')).toBe(0.8)
  expect(of('Korea'.toLowerCase(), 'korean')).toBe(0.8)
  expect(of('discover', 'discovery')).toBe(0.8)
  expect(of('died', 'death')).toBe(0.7)
  expect(of('wrote', 'author')).toBe(0.7)
  expect(of('company', 'compare')).toBe(0)
  expect(of('part', 'party')).toBe(0)
  expect(of('refund', 'parcel')).toBe(0)
})

test('affinity goes both ways', () => {
  for (const [a, b] of [
    ['produce', 'product'],
    ['live', 'resident'],
    ['contract', 'contrast'],
  ] as const)
    expect(of(a, b)).toBe(of(b, a))
})

test('stems stand in for the wanted ones they are akin to', () => {
  const found = standIns(['invent', 'di'], ['inventor', 'death', 'parcel', 'di'])
  expect(found.get('inventor')).toEqual([{ wanted: 0, affinity: 0.8 }])
  expect(found.get('death')).toEqual([{ wanted: 1, affinity: 0.7 }])
  expect(found.get('di')).toEqual([{ wanted: 1, affinity: 1 }])
  expect(found.has('parcel')).toBe(false)
})
