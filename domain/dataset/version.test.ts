import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { datasetVersion, rowHash } from './version.ts'

test('no two sets of rows have one version, whatever stands in their ids', () => {
  const hash = 'a'.repeat(64)
  expect(datasetVersion([[`x\t${hash}\ny`, hash]])).not.toBe(
    datasetVersion([
      ['x', hash],
      ['y', hash],
    ]),
  )
})

test('the order of the keys of a row plays no part in its hash', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (data) => {
      const reversed = Object.fromEntries(Object.entries(data).toReversed())
      expect(rowHash({ id: 'a', data: reversed })).toBe(rowHash({ id: 'a', data }))
    }),
  )
})

test('a row that moves to another id, or swaps its content with another, changes the version', () => {
  const [one, two] = ['1', '2'].map((text) => rowHash({ id: 'x', data: { text } }))
  const version = datasetVersion([
    ['a', one!],
    ['b', two!],
  ])
  for (const other of [
    [
      ['a', two!],
      ['b', one!],
    ],
    [
      ['a', one!],
      ['c', two!],
    ],
  ] as const)
    expect(datasetVersion(other)).not.toBe(version)
})
