import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RouteVersion } from './route.ts'
import { targetRoles } from './target-roles.ts'
import { target } from './target.fixture.ts'

const prompt = `prompt:p@${'a'.repeat(64)}`
const roles = (spec: object) =>
  targetRoles(RouteVersion.parse({ route: 'r', prompt, ...spec })).map(
    ({ target: { id }, role, share }) => [id, role, share] as const,
  )

test('without weights the first target answers what the canary does not', () => {
  expect(
    roles({
      targets: [target('a'), target('b')],
      canary: { target: target('c'), share: 0.25 },
      shadow: { target: target('s'), share: 0.1 },
    }),
  ).toEqual([
    ['a', 'live', 0.75],
    ['c', 'canary', 0.25],
    ['b', 'fallback', 0],
    ['s', 'shadow', 0.1],
  ])
})

test('weights share what the canary leaves, and a target without one steps in', () => {
  expect(
    roles({ targets: [target('a'), { ...target('b'), weight: 1 }, { ...target('c'), weight: 3 }] }),
  ).toEqual([
    ['b', 'live', 0.25],
    ['c', 'live', 0.75],
    ['a', 'fallback', 0],
  ])
})

test('the shares of those who answer make the whole', () => {
  const weight = fc.option(fc.integer({ min: 0, max: 1_000 }), { nil: undefined })
  const share = fc.option(fc.double({ min: 0, max: 0.99, noNaN: true }), { nil: undefined })
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 6 }), share, (weights, canary) => {
      const targets = weights.map((each, i) => ({
        ...target(`t${i}`),
        ...(each === undefined ? {} : { weight: each }),
      }))
      const placed = roles({
        targets,
        ...(canary === undefined ? {} : { canary: { target: target('new'), share: canary } }),
      })
      expect(placed.reduce((sum, [, , each]) => sum + each, 0)).toBeCloseTo(1, 9)
      expect(placed.length).toBe(targets.length + (canary === undefined ? 0 : 1))
    }),
  )
})
