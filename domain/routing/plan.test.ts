import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Admission } from './breaker.ts'
import { holdsMore, planTargets, type Plan, type PlanRequest } from './plan.ts'
import type { RouteTarget, RouteVersion, Rule } from './route.ts'
import { route, target } from './target.fixture.ts'

const [a, b, c] = [target('a'), target('b'), target('c')]
const canary = (share: number) => ({ target: target('new'), share, stickyBy: 'user' })
const everyone = (): Admission => 'yes'
const without =
  (...ids: string[]) =>
  ({ id }: RouteTarget): Admission =>
    ids.includes(id) ? 'no' : 'yes'
const ids = (targets: readonly RouteTarget[]) => targets.map(({ id }) => id).join(' ')

function plan(
  spec: RouteVersion,
  request: Partial<PlanRequest> = {},
  admits = everyone as (t: RouteTarget) => Admission,
): Plan {
  return planTargets(spec, { stickyKey: undefined, metadata: {}, random: 0.5, ...request }, admits)
}
const shownBy = (...of: Parameters<typeof plan>) => {
  const { targets, arm } = plan(...of)
  return `${arm}: ${ids(targets)}`
}

describe('the chain', () => {
  test('without weights the first target answers, and the others step in as they are listed', () => {
    expect(shownBy(route([a, b, c]))).toBe('stable: a b c')
  })

  test('a target with an open breaker is left out, one that takes a probe is not', () => {
    expect(plan(route([a, b, c]), {}, without('a'))).toEqual({
      targets: [b, c],
      skipped: [a],
      arm: 'stable',
      panicked: false,
    })
    expect(ids(plan(route([a, b]), {}, ({ id }) => (id === 'a' ? 'probe' : 'yes')).targets)).toBe('a b')
  })

  test('with all breakers open they are asked in order anyway', () => {
    expect(plan(route([a, b]), {}, () => 'no')).toEqual({
      targets: [a, b],
      skipped: [],
      arm: 'stable',
      panicked: true,
    })
  })

  test('a request too long for one target fits those that say they hold more', () => {
    const [small, large] = [target('s', { contextTokens: 8_000 }), target('l', { contextTokens: 128_000 })]
    expect([
      holdsMore(large, small),
      holdsMore(small, large),
      holdsMore(large, a),
      holdsMore(a, small),
    ]).toEqual([true, false, true, false])
  })
})

describe('rules', () => {
  const ruled = route([a, b, c], {
    rules: [
      { when: { tier: ['gold', 'silver'], tester: 'yes' }, target: 'c' },
      { when: { tier: 'gold' }, target: 'b' },
    ],
    canary: canary(1),
  })

  test('the first rule of which all values match puts its target first, before any canary', () => {
    expect(shownBy(ruled, { metadata: { tier: 'silver', tester: 'yes' } })).toBe('rule: c a b')
    expect(shownBy(ruled, { metadata: { tier: 'gold' } })).toBe('rule: b a c')
    expect(shownBy(ruled, { metadata: { tier: 'silver' } })).toBe('canary: new a b c')
  })

  test('a rule may name the canary, and a name that every object has matches nothing', () => {
    const rules: Rule[] = [
      { when: { constructor: 'Object' }, target: 'b' },
      { when: { tester: 'yes' }, target: 'new' },
    ]
    expect(shownBy(route([a, b], { rules, canary: canary(0) }), { metadata: { tester: 'yes' } })).toBe(
      'rule: new a b',
    )
  })

  test('a target that a rule names and whose breaker is open is left out as any other', () => {
    expect(shownBy(ruled, { metadata: { tier: 'gold' } }, without('b'))).toBe('rule: a c')
  })
})

describe('canary', () => {
  const at = (share: number, key: string) =>
    plan(route([a, b], { canary: canary(share) }), { stickyKey: key }).arm

  test('a larger share only ever moves users from stable to canary, and each stays where it is', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.string(),
        share,
        share,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (key, one, other, random) => {
          const [low, high] = [Math.min(one, other), Math.max(one, other)]
          if (at(low, key) === 'canary') expect(at(high, key)).toBe('canary')
          const again = plan(route([a, b], { canary: canary(low) }), { stickyKey: key, random })
          expect(again.arm).toBe(at(low, key))
        },
      ),
    )
  })

  test('nobody at 0, all at 1, and its share of users or of requests between', () => {
    const users = Array.from({ length: 20_000 }, (_, i) => `user-${i}`)
    const shareAt = (share: number) =>
      users.filter((user) => at(share, user) === 'canary').length / users.length
    expect([shareAt(0), shareAt(1)]).toEqual([0, 1])
    expect(shareAt(0.05)).toBeCloseTo(0.05, 2)
    const anonymous = users.filter(
      (_, i) => plan(route([a], { canary: canary(0.05) }), { random: i / users.length }).arm === 'canary',
    )
    expect(anonymous).toHaveLength(1_000)
  })

  test('it falls back to the stable chain, which never falls back to it', () => {
    expect(shownBy(route([a, b], { canary: canary(1) }))).toBe('canary: new a b')
    expect(shownBy(route([a, b], { canary: canary(1) }), {}, without('new'))).toBe('canary: a b')
    expect(shownBy(route([a, b], { canary: canary(1) }), {}, without('a', 'b'))).toBe('canary: new')
    expect(shownBy(route([a, b], { canary: canary(0) }), {}, without('new', 'a'))).toBe('stable: b')
    expect(plan(route([a, b], { canary: canary(0) }), {}, () => 'no').targets).toEqual([a, b])
  })

  test('it may tell users apart by something else than the weights do', () => {
    const spec = route([a], { canary: canary(0.5) })
    const arms = Array.from(
      { length: 40 },
      (_, i) => plan(spec, { stickyKey: 'one', canaryKey: `tenant-${i}` }).arm,
    )
    expect(new Set(arms).size).toBe(2)
    expect(plan(spec, { stickyKey: 'one', canaryKey: undefined, random: 0.1 }).arm).toBe('canary')
    expect(plan(spec, { stickyKey: 'one', canaryKey: undefined, random: 0.9 }).arm).toBe('stable')
  })
})

describe('weights', () => {
  const weighted = (...weights: (number | undefined)[]) =>
    weights.map((weight, i) => target(`t${i}`, weight === undefined ? {} : { weight }))
  const firsts = (
    spec: RouteVersion,
    requests: Partial<PlanRequest>[],
    admits?: (t: RouteTarget) => Admission,
  ) => {
    const counts = new Map<string, number>()
    for (const request of requests) {
      const { id } = plan(spec, request, admits).targets[0]!
      counts.set(id, (counts.get(id) ?? 0) + 1 / requests.length)
    }
    return counts
  }
  const users = Array.from({ length: 10_000 }, (_, i) => ({ stickyKey: `user-${i}` }))
  const draws = Array.from({ length: 10_000 }, (_, i) => ({ random: i / 10_000 }))

  test.for([
    ['users', users],
    ['requests', draws],
  ] as const)('shares of %s converge to them', ([, requests]) => {
    const weight = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(fc.array(weight, { minLength: 1, maxLength: 5 }), (weights) => {
        const sum = weights.reduce((x, y) => x + y, 0)
        fc.pre(sum > 0)
        const counts = firsts(route(weighted(...weights)), [...requests])
        // Four standard errors of a share of 10,000.
        for (const [i, each] of weights.entries())
          expect(Math.abs((counts.get(`t${i}`) ?? 0) - each / sum)).toBeLessThan(0.02)
      }),
      { numRuns: 20 },
    )
  })

  test('a canary that is drawn by the same number leaves the weights as they are', () => {
    const spec = route(weighted(1, 3), { canary: canary(0.3) })
    const stable = draws.filter((request) => plan(spec, request).arm === 'stable')
    expect(firsts(spec, stable).get('t0')).toBeCloseTo(0.25, 2)
    const fallback = draws.filter((request) => plan(spec, request).arm === 'canary')
    expect(firsts(spec, fallback, without('new')).get('t0')).toBeCloseTo(0.25, 2)
  })

  test('an open breaker moves only the users of its target, by weight, and they come back', () => {
    const spec = route(weighted(1, 1, 2))
    const moved = new Map<string, number>()
    for (const user of users) {
      const [before, during] = [plan(spec, user), plan(spec, user, without('t2'))].map(
        ({ targets }) => targets[0]!.id,
      )
      if (before === 't2') moved.set(during!, (moved.get(during!) ?? 0) + 1)
      else expect(during).toBe(before)
    }
    expect(moved.get('t0')! / (moved.get('t0')! + moved.get('t1')!)).toBeCloseTo(0.5, 1)
  })

  test('a target without weight, or of weight 0, only steps in', () => {
    const spec = route(weighted(0, 1, undefined))
    expect(shownBy(spec)).toBe('stable: t1 t0 t2')
    expect(shownBy(spec, {}, without('t1'))).toBe('stable: t0 t2')
  })
})

test('every plan asks each target of the route at most once, none that is open unless all are, and is never empty', () => {
  const weight = fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined })
  const admissions = fc.array(fc.constantFrom<Admission>('yes', 'probe', 'no'), {
    minLength: 7,
    maxLength: 7,
  })
  fc.assert(
    fc.property(
      fc.array(weight, { minLength: 1, maxLength: 6 }),
      admissions,
      fc.option(fc.string(), { nil: undefined }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      (weights, admitted, stickyKey, random, ruled) => {
        const stable = weights.map((each, i) => target(`t${i}`, each === undefined ? {} : { weight: each }))
        const spec = route(stable, {
          canary: canary(0.5),
          ...(ruled ? { rules: [{ when: { x: 'y' }, target: 't0' }] } : {}),
        })
        const admits = ({ id }: RouteTarget) => admitted[id === 'new' ? 6 : Number(id.slice(1))]!
        const { targets, skipped, arm, panicked } = plan(
          spec,
          { stickyKey, random, metadata: { x: 'y' } },
          admits,
        )
        expect(new Set(targets).size).toBe(targets.length)
        expect([...targets, ...skipped].map(({ id }) => id).toSorted()).toEqual(
          [...stable.map(({ id }) => id), ...(arm === 'canary' ? ['new'] : [])].toSorted(),
        )
        expect(targets.length).toBeGreaterThan(0)
        expect(targets.every((each) => (admits(each) === 'no') === panicked)).toBe(true)
        expect(skipped.every((each) => admits(each) === 'no')).toBe(true)
      },
    ),
  )
})
