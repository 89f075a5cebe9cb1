import { describe, expect, test } from 'vitest'
import { DEFAULT_BREAKER, DEFAULT_RETRY, type RouteVersion } from './route.ts'
import { routeProblems } from './route-problems.ts'
import { route, target } from './target.fixture.ts'

const known = { evaluators: ['toxicity'] }
const [a, b] = [target('a'), target('b')]
const guardrail = { on: 'response', check: 'pii', params: {}, passAt: 0.5, onFail: 'refuse' } as const

test('a sound route has none', () => {
  const sound: Partial<RouteVersion> = {
    canary: { target: target('c'), share: 0.1, stickyBy: 'user' },
    rules: [
      { when: { tier: ['gold'] }, target: 'b' },
      { when: { tester: 'yes' }, target: 'c' },
    ],
    shadow: { target: target('s'), share: 0.5 },
    retry: DEFAULT_RETRY,
    breaker: DEFAULT_BREAKER,
    hedgeMs: 800,
    guardrails: [
      { ...guardrail, check: 'toxicity' },
      { ...guardrail, onFail: 'redact' },
    ],
  }
  expect(routeProblems(route([a, b]), known)).toEqual([])
  expect(
    routeProblems(
      route(
        [
          { ...a, weight: 1 },
          { ...b, weight: 0 },
        ],
        sound,
      ),
      known,
    ),
  ).toEqual([])
})

describe('problems', () => {
  const cases: [string, RouteVersion, string, RegExp][] = [
    [
      'two targets of one id',
      route([a, { ...b, id: 'a' }]),
      'targets.1.id',
      /a is also the id of targets\.0/,
    ],
    ['a target without an id', route([target('a', { id: '' })]), 'targets.0.id', /needs an id/],
    [
      'a fallback that is the live target',
      route([a, { ...a, id: 'b', baseUrl: `${a.baseUrl}/` }]),
      'targets.1',
      /same endpoint, model and key as targets\.0/,
    ],
    [
      'a canary of a taken id',
      route([a, b], { canary: { target: target('x', { id: 'b' }), share: 0, stickyBy: 'user' } }),
      'canary.target.id',
      /also the id of targets\.1/,
    ],
    [
      'a canary that is the live target',
      route([a], { canary: { target: { ...a, id: 'x' }, share: 0, stickyBy: 'user' } }),
      'canary.target',
      /same endpoint/,
    ],
    ['weights of 0 only', route([{ ...a, weight: 0 }, b]), 'targets', /every weight is 0/],
    [
      'a rule to nowhere',
      route([a, b], { rules: [{ when: { x: 'y' }, target: 'z' }] }),
      'rules.0.target',
      /no target z; the route has: a, b/,
    ],
    [
      'a rule for all',
      route([a], { rules: [{ when: {}, target: 'a' }] }),
      'rules.0.when',
      /takes every request/,
    ],
    [
      'headers later than the end',
      route([a], { timeouts: { headersMs: 90_000, totalMs: 60_000 } }),
      'timeouts.headersMs',
      /90000 ms is longer than the whole request may take \(60000 ms\)/,
    ],
    [
      'a first chunk later than the end',
      route([a], { timeouts: { headersMs: 1_000, firstChunkMs: 9_000, totalMs: 5_000 } }),
      'timeouts.firstChunkMs',
      /9000 ms/,
    ],
    ['a hedge with nobody', route([a], { hedgeMs: 100 }), 'hedgeMs', /no second target/],
    ['a hedge after the end', route([a, b], { hedgeMs: 60_000 }), 'hedgeMs', /over after 60000 ms/],
    [
      'a base above the maximum',
      route([a], { retry: { ...DEFAULT_RETRY, baseMs: 5_000 } }),
      'retry.baseMs',
      /more than retry\.maxMs/,
    ],
    [
      'a cooldown above the maximum',
      route([a], { breaker: { ...DEFAULT_BREAKER, cooldownMs: 61_000 } }),
      'breaker.cooldownMs',
      /more than breaker\.maxCooldownMs/,
    ],
    [
      'a budget without a price',
      route([a], { limits: { usdPerDay: 1 } }),
      'targets.0.price',
      /never be reached/,
    ],
    ['a repair by nothing', route([a], { repair: true }), 'repair', /no answerSchema/],
    [
      'an unknown check',
      route([a], { guardrails: [{ ...guardrail, check: 'nope' }] }),
      'guardrails.0.check',
      /no check nope; there are: pii, schema, deny, toxicity/,
    ],
    [
      'a schema of a request',
      route([a], { answerSchema: {}, guardrails: [{ ...guardrail, check: 'schema', on: 'request' }] }),
      'guardrails.0.on',
      /only a response/,
    ],
    [
      'a schema check without one',
      route([a], { guardrails: [{ ...guardrail, check: 'schema' }] }),
      'guardrails.0.check',
      /no answerSchema/,
    ],
    [
      'another target for a bad request',
      route([a], { guardrails: [{ ...guardrail, on: 'request', onFail: 'next_target' }] }),
      'guardrails.0.onFail',
      /for every target/,
    ],
    [
      'redaction of what is not found',
      route([a], { guardrails: [{ ...guardrail, check: 'toxicity', onFail: 'redact' }] }),
      'guardrails.0.onFail',
      /only pii does/,
    ],
  ]
  test.for(cases)('%s', ([, spec, path, message]) => {
    expect(routeProblems(spec, known)).toEqual([{ path, message: expect.stringMatching(message) as string }])
  })

  test('a secret that is not set, where it is known which are', () => {
    expect(routeProblems(route([a]), { ...known, secrets: ['OTHER'] })).toEqual([
      { path: 'targets.0.secret', message: 'the secret GPU_KEY is not set' },
    ])
  })
})
