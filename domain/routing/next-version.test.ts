import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentHash } from '../hash.ts'
import { nextVersion, type Change } from './next-version.ts'
import { planTargets } from './plan.ts'
import { routeProblems } from './route-problems.ts'
import { RouteSettings, settingsProblems } from './route-settings.ts'
import { RouteVersion, type RouteTarget } from './route.ts'
import { target } from './target.fixture.ts'
import { targetIdentity } from './target-identity.ts'

const PROMPT = `prompt:p@${'0'.repeat(64)}`
const ref = (name: string) => `model:${name}@production`

/** A model that is served at a place of its own. */
const served = (name: string): RouteTarget => target(name, { model: ref(name) })

function change(deployed: string, given: Partial<Change> = {}, settings: unknown = {}): Change {
  const parsed = RouteSettings.parse(settings)
  const refs = [
    ...(parsed.targets ?? []).map(({ model }) => model),
    ...(parsed.rules ?? []).map(({ model }) => model),
    ...(parsed.shadow ? [parsed.shadow.model] : []),
  ]
  const named = Object.fromEntries(refs.map((one) => [one, served(one.slice(6, one.indexOf('@')))]))
  const rest = { prompt: PROMPT, template: 'Be kind.', current: null, ...given }
  return { route: 'support', settings: parsed, deployed: served(deployed), named, ...rest }
}

function versionOf(...args: Parameters<typeof change>): RouteVersion {
  const next = nextVersion(change(...args))
  if (!('spec' in next)) throw new Error(JSON.stringify(next.problems))
  return next.spec
}

const ids = ({ targets }: RouteVersion) => targets.map(({ id }) => id)
const never = () => 'yes' as const

describe('a deployment to all', () => {
  test('stands before its further targets, and these before what production used', () => {
    const current = versionOf('a')
    const next = versionOf('b', { current }, { targets: [{ model: ref('x') }, { model: ref('y') }] })
    expect([ids(next), next.previous]).toEqual([['b', 'x', 'y', 'a'], 'a'])
    // Of the further targets of the version before, none is kept.
    expect(ids(versionOf('c', { current: next }))).toEqual(['c', 'b'])
  })

  test('of the model that answers already keeps what was before that', () => {
    const current = versionOf('b', { current: versionOf('a') }, { targets: [{ model: ref('x') }] })
    expect(ids(versionOf('b', { current }, { hedgeMs: 100 }))).toEqual(['b', 'a'])
    expect(ids(versionOf('a', { current: versionOf('a') }))).toEqual(['a'])
  })

  test('does not name what production used twice', () => {
    const current = versionOf('a')
    const next = versionOf('b', { current }, { targets: [{ model: ref('a') }] })
    expect([ids(next), next.previous]).toEqual([['b', 'a'], undefined])
  })

  test('takes no weight over: what production used steps in', () => {
    const split = { weight: 9, targets: [{ model: ref('x'), weight: 1 }] }
    const next = versionOf('b', { current: versionOf('a', {}, split) }, split)
    expect(next.targets.map(({ weight }) => weight)).toEqual([9, 1, undefined])
  })

  test('carries the text of its prompt only where that is bound', () => {
    expect(versionOf('a').promptTemplate).toBeUndefined()
    expect(versionOf('a', {}, { bindPrompt: true }).promptTemplate).toBe('Be kind.')
  })
})

describe('a canary', () => {
  const current = versionOf('a', { current: versionOf('z') }, { targets: [{ model: ref('x') }] })
  const canary = { share: 0.1, stickyBy: 'header:x-user' }

  test('stands beside the targets of production, which stay', () => {
    const next = versionOf('b', { current }, { canary })
    expect(next.targets).toEqual(current.targets)
    expect(next.previous).toBe('z')
    expect(next.canary).toEqual({ ...canary, target: served('b') })
  })

  test('takes the place of another canary', () => {
    const next = versionOf('c', { current: versionOf('b', { current }, { canary }) }, { canary })
    expect([ids(next), next.canary?.target.id]).toEqual([['a', 'x', 'z'], 'c'])
  })

  test('that is deployed to all stands first, and there is no canary any more', () => {
    const next = versionOf('b', { current: versionOf('b', { current }, { canary }) })
    expect([ids(next), next.canary, next.previous]).toEqual([['b', 'a'], undefined, 'a'])
  })

  test('takes all where nothing is in production yet', () => {
    const next = versionOf('b', {}, { canary, rules: [{ when: { tester: 'yes' }, model: 'new' }] })
    expect([ids(next), next.canary, next.rules?.[0]?.target]).toEqual([['b'], undefined, 'b'])
  })

  test('is another model than those of production', () => {
    const problemsOf = (model: string) => nextVersion(change(model, { current }, { canary }))
    expect(problemsOf('a')).toEqual({
      problems: [{ path: 'canary', message: expect.stringMatching(/answers first already/) as string }],
    })
    expect(problemsOf('z')).toEqual({
      problems: [{ path: 'canary', message: expect.stringMatching(/steps in already/) as string }],
    })
  })

  test('does not bring everybody another prompt', () => {
    const bound = versionOf('a', {}, { bindPrompt: true })
    const other = `prompt:p@${'1'.repeat(64)}`
    const settings = { canary, bindPrompt: true }
    expect(nextVersion(change('b', { current: bound, prompt: other }, settings))).toEqual({
      problems: [{ path: 'bindPrompt', message: expect.stringMatching(/everybody would get/) as string }],
    })
    expect(versionOf('b', { current: bound }, settings).promptTemplate).toBe('Be kind.')
  })

  test('takes users over one way only as its share grows', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.25, noNaN: true }),
        fc.double({ min: 0, max: 0.25, noNaN: true }),
        fc.string(),
        (less, more, user) => {
          const armOf = (share: number) => {
            const spec = versionOf('b', { current }, { canary: { share, stickyBy: 'user' } })
            const request = { stickyKey: user || 'u', metadata: {}, random: 0.5 }
            return planTargets(spec, request, never).arm
          }
          if (armOf(less) === 'canary') expect(armOf(less + more)).toBe('canary')
        },
      ),
    )
  })
})

describe('models by name', () => {
  test('a rule names a target of the route by its model, or the new one', () => {
    const rules = [
      { when: { plan: 'gold' }, model: ref('x') },
      { when: { plan: 'free' }, model: ref('a') },
      { when: { tester: 'yes' }, model: 'new' },
    ]
    const next = versionOf('b', { current: versionOf('a') }, { targets: [{ model: ref('x') }], rules })
    expect(next.rules).toEqual([
      { when: { plan: 'gold' }, target: 'x' },
      { when: { plan: 'free' }, target: 'a' },
      { when: { tester: 'yes' }, target: 'b' },
    ])
    expect(nextVersion(change('b', {}, { rules }))).toEqual({
      problems: [
        {
          path: 'rules.0.model',
          message: expect.stringMatching(/model:x@production is no target/) as string,
        },
        { path: 'rules.1.model', message: expect.stringMatching(/it has: model:b@production/) as string },
      ],
    })
  })

  test('a shadow is asked beside', () => {
    const next = versionOf('b', {}, { shadow: { model: ref('s'), share: 0.5 } })
    expect(next.shadow).toEqual({ target: served('s'), share: 0.5 })
    expect(ids(next)).toEqual(['b'])
  })
})

describe('any row of deployments', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd')
  const settings = fc.record(
    {
      canary: fc.record({ share: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
      targets: fc.uniqueArray(
        fc.constantFrom('x', 'y').map((one) => ({ model: ref(one) })),
        {
          selector: ({ model }) => model,
        },
      ),
      rules: fc.constant([{ when: { tester: 'yes' }, model: 'new' }]),
      shadow: fc.constant({ model: ref('s'), share: 0.1 }),
      bindPrompt: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  // Versions of two models may begin alike.
  const alike = fc.boolean()

  test('makes sound versions, each target once, with what was before among them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, settings, alike), { maxLength: 6 }), (deployments) => {
        let current: RouteVersion | null = null
        for (const [model, given, sameId] of deployments) {
          if (settingsProblems(RouteSettings.parse(given)).length > 0) continue
          const made = change(model, { current }, given)
          if (sameId) made.deployed.id = 'same'
          const next = nextVersion(made)
          expect(nextVersion(structuredClone(made))).toEqual(next)
          if (!('spec' in next)) {
            expect(given.canary).toBeDefined()
            continue
          }
          const { spec } = next
          expect(RouteVersion.parse(spec)).toEqual(spec)
          expect(routeProblems(spec, {})).toEqual([])
          expect(contentHash(spec)).toBe(contentHash(structuredClone(spec)))
          const own = spec.canary?.target ?? spec.targets[0]!
          expect(targetIdentity(own)).toBe(targetIdentity(made.deployed))
          if (current) {
            const inForce = targetIdentity(current.targets[0]!)
            expect(spec.targets.map(targetIdentity)).toContain(inForce)
          }
          current = spec
        }
      }),
    )
  })
})
