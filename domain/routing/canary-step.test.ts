import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { withCanaryShare } from './canary-step.ts'
import { planTargets } from './plan.ts'
import { RouteVersion } from './route.ts'
import { target } from './target.fixture.ts'

const spec = RouteVersion.parse({
  route: 'support',
  targets: [target('stable'), target('spare')],
  prompt: `prompt:p@${'a'.repeat(64)}`,
  canary: { target: target('new'), share: 0.05 },
  rules: [
    { when: { tier: 'beta' }, target: 'new' },
    { when: { tier: 'vip' }, target: 'stable' },
  ],
})

const share = fc.double({ min: 0, max: 0.999, noNaN: true })
const armOf = (version: RouteVersion, user: string) =>
  planTargets(version, { stickyKey: user, metadata: {}, random: 0.5 }, () => 'yes').arm

test('a larger share never moves a user back, and a smaller one never moves a user there', () => {
  fc.assert(
    fc.property(share, share, fc.string({ minLength: 1 }), (one, other, user) => {
      const [less, more] = [one, other].toSorted((a, b) => a - b).map((each) => withCanaryShare(spec, each)!)
      if (armOf(less!, user) === 'canary') expect(armOf(more!, user)).toBe('canary')
    }),
  )
})

test('a step changes the share alone, so stepping there and back is the same version', () => {
  fc.assert(
    fc.property(
      share.filter((each) => each > 0),
      (there) => {
        const stepped = withCanaryShare(spec, there)!
        expect({ ...stepped, canary: spec.canary }).toEqual(spec)
        expect(withCanaryShare(stepped, 0.05)).toEqual(spec)
      },
    ),
  )
})

test('without a share the canary is gone, and so are the rules that sent requests to it', () => {
  const ended = withCanaryShare(spec, 0)!
  const { canary: _canary, ...rest } = spec
  expect(ended).toEqual({ ...rest, rules: [{ when: { tier: 'vip' }, target: 'stable' }] })
  const onlyRule = withCanaryShare({ ...spec, rules: [spec.rules![0]!] }, 0)!
  expect(onlyRule).not.toHaveProperty('rules')
  expect(withCanaryShare(ended, 0.2)).toBeUndefined()
})
