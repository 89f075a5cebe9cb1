import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { newShare, nextProject, placeInPool, type ProjectShare } from './share.ts'

const share = (project: string, granted: number, waiting: number, turn = 0, since = 0): ProjectShare => ({
  project,
  granted,
  waiting,
  turn,
  since,
})

test('the project that holds fewest is next, then the one served longest ago, then the one there longest', () => {
  const next = (...shares: ProjectShare[]) => nextProject(shares)?.project
  expect(next(share('a', 2, 5), share('b', 1, 1))).toBe('b')
  expect(next(share('a', 1, 1, 7), share('b', 1, 1, 4))).toBe('b')
  expect(next(share('a', 1, 1, 4, 9), share('b', 1, 1, 4, 3))).toBe('b')
  expect(next(share('a', 0, 0), share('b', 9, 1))).toBe('b')
  expect(next(share('a', 0, 0))).toBeUndefined()
})

test('a newcomer comes before the project served last, and after those served before that', () => {
  const [last, before] = [share('last', 0, 1, 8, 1), share('before', 0, 1, 7, 2)]
  const comes = newShare('new', 3, 8)
  const waits = { ...comes, waiting: 1 }
  expect(nextProject([last, waits])).toBe(waits)
  expect(nextProject([last, waits, before])).toBe(before)
})

test('the place in the pool is the one in which a request is served when nobody comes or goes', () => {
  const shares = fc
    .array(fc.record({ granted: fc.nat(4), waiting: fc.nat(5), turn: fc.nat(6) }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((each) => each.map((of, index) => ({ ...of, project: `p${index}`, since: index })))
  fc.assert(
    fc.property(shares, (start) => {
      const told = new Map(
        start.flatMap(({ project, waiting }) =>
          Array.from({ length: waiting }, (_, ahead) => [
            `${project}/${ahead}`,
            placeInPool(start, project, ahead),
          ]),
        ) as [string, number][],
      )
      const now = start.map((each) => ({ ...each, first: 0 }))
      for (let served = 1; served <= told.size; served++) {
        const next = nextProject(now) as (typeof now)[number]
        expect(told.get(`${next.project}/${next.first}`)).toBe(served)
        Object.assign(next, {
          granted: next.granted + 1,
          waiting: next.waiting - 1,
          turn: 100 + served,
          first: next.first + 1,
        })
      }
      expect(nextProject(now)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
})
