import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitOf } from './split.ts'

test('a row that is golden stays golden when the share grows', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.string(), share, share, (id, a, b) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)]
      if (splitOf(id, small) === 'golden') expect(splitOf(id, large)).toBe('golden')
      expect(splitOf(id, 0)).toBe('train')
      expect(splitOf(id, 1)).toBe('golden')
    }),
  )
})

// A row that changed its side between two releases would leak the golden set into training. Below half: the SHA-256 of
// the id begins with a digit under 8 (`printf row-1 | sha256sum`).
test('the side of a row is the same in every release', () => {
  const sides = ['row-1', 'row-2', 'row-3', 'row-4', 'row-5', 'row-6', 'ticket-9'].map((id) =>
    splitOf(id, 0.5),
  )
  expect(sides).toEqual(['golden', 'golden', 'golden', 'golden', 'golden', 'train', 'train'])
})
