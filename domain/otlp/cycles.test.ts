import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { bodyOf, NOW, spanId, spanJson, tracesJson } from './otlp.fixture.ts'
import { decodeTraces } from './requests.ts'

/** Which of the spans 1, 2, … are marked, given each one's parent (0 for a root). */
function marked(parents: number[]): number[] {
  const spans = parents.map((parent, index) =>
    spanJson({ spanId: spanId(index + 1), parentSpanId: parent === 0 ? '' : spanId(parent) }),
  )
  const result = decodeTraces(bodyOf(tracesJson(...spans), 'json'), 'json', { now: NOW })
  if (result.status === 'undecodable') throw new Error(result.reason)
  const found = result.groups.flatMap(({ records }) => records)
  expect(found).toHaveLength(parents.length)
  const members = found.flatMap(({ faults }, index) => (faults.includes('parent.cycle') ? [index + 1] : []))
  expect(result.faults.get('parent.cycle')?.count ?? 0).toBe(members.length)
  return members
}

test.for([
  ['a root and its children', [0, 1, 1], []],
  ['its own parent', [1], [1]],
  ['two of each other', [2, 1], [1, 2]],
  ['a tail into a cycle is not of it', [2, 3, 4, 3], [3, 4]],
  ['a parent that is not in the request', [99, 1], []],
  ['two cycles', [2, 1, 4, 5, 3, 3], [1, 2, 3, 4, 5]],
] as const)('%s', ([, parents, members]) => {
  expect(marked([...parents])).toEqual(members)
})

test('the same ids in another trace are no ancestors', () => {
  const [one, two] = [spanId(1), spanId(2)]
  const spans = [
    spanJson({ spanId: one, parentSpanId: two }),
    spanJson({ spanId: two, parentSpanId: one, traceId: '1'.repeat(32) }),
  ]
  const result = decodeTraces(bodyOf(tracesJson(...spans), 'json'), 'json', { now: NOW })
  expect(result).toMatchObject({ seen: 2, faults: new Map() })
})

test('marked are exactly those that come back to themselves', () => {
  const parents = fc
    .integer({ min: 1, max: 12 })
    .chain((size) => fc.array(fc.nat(size), { minLength: size, maxLength: size }))
  fc.assert(
    fc.property(parents, (parents) => {
      const returns = (start: number) => {
        let at = parents[start - 1]!
        for (let step = 0; step < parents.length && at !== 0 && at !== start; step++) at = parents[at - 1]!
        return at === start
      }
      expect(marked(parents)).toEqual(parents.map((_, index) => index + 1).filter(returns))
    }),
  )
})
