import { describe, expect, test } from 'vitest'
import { stageParams } from '../stages/params.ts'
import { RouteBehaviour, RouteVersion } from './route.ts'
import { RouteSettings } from './route-settings.ts'

const given = (settings: object) => stageParams.deploy.safeParse({ route: 'support', ...settings })
const problemsOf = (settings: object) =>
  (given(settings).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)

test('a route alone is enough, and has the defaults', () => {
  expect(given({}).data).toEqual({ route: 'support', timeouts: { totalMs: 60_000 } })
})

test('what a stage writes of the behaviour of a route is what a version of it holds', () => {
  const placed = new Set(['canary', 'weight', 'targets', 'rules', 'shadow'])
  const behaviour = Object.entries(RouteSettings.shape).filter(([name]) => !placed.has(name))
  expect(behaviour.map(([name]) => name)).toEqual(Object.keys(RouteBehaviour.shape))
  const ofVersion: Record<string, unknown> = RouteVersion.shape
  for (const [name, schema] of behaviour) expect(schema).toBe(ofVersion[name])
})

test('all of it at once', () => {
  const all = {
    timeouts: { headersMs: 5_000, firstChunkMs: 8_000, chunkMs: 20_000, totalMs: 50_000 },
    retry: { sameTarget: 2, baseMs: 100, maxMs: 1_000, honourRetryAfterMs: 0 },
    breaker: { errorRate: 0.3, slowMs: 4_000, slowRate: 0.2 },
    weight: 9,
    targets: [{ model: 'model:other@production', weight: 1 }, { model: `model:third@${'a'.repeat(64)}` }],
    rules: [
      { when: { plan: ['gold', 'silver'] }, model: 'model:other@production' },
      { when: { tester: 'yes' }, model: 'new' },
    ],
    stickyBy: 'metadata:customer',
    hedgeMs: 900,
    shadow: { model: 'model:next@staging', share: 0.05 },
    commit: 'complete',
    limits: { requestsPerMinute: 60, tokensPerMinute: 10_000, tokensPerDay: 1_000_000, usdPerDay: 20 },
    cache: { ttlSeconds: 300 },
    guardrails: [
      { on: 'request', check: 'pii', onFail: 'redact' },
      { on: 'response', check: 'schema', onFail: 'next_target' },
      { on: 'response', check: 'Toxicity', onFail: 'flag' },
    ],
    answerSchema: { type: 'object' },
    repair: true,
    bindPrompt: true,
  }
  expect(problemsOf(all)).toEqual([])
  const { weight: _, targets: __, ...besides } = all
  expect(problemsOf({ ...besides, canary: { share: 0.05, stickyBy: 'header:x-user' } })).toEqual([])
})

describe('refusals name the field', () => {
  const cases: [object, RegExp][] = [
    [{ timeout: {} }, /Unrecognized key: "timeout"/],
    [{ retry: { sameTraget: 1 } }, /^retry: Unrecognized key: "sameTraget"/],
    [{ canary: { share: 1 } }, /^canary\.share: must be at most 0\.5/],
    [{ canary: { share: 0.1, stickyBy: 'ip' } }, /^canary\.stickyBy: must be user, none, header:NAME/],
    [{ canary: { share: 0.1 }, weight: 1 }, /^weight: a canary takes its share/],
    [{ canary: { share: 0.1 }, targets: [{ model: 'model:a@b' }] }, /^targets: a canary leaves the targets/],
    [{ targets: [{ model: 'model:a@b', weight: 1 }] }, /^weight: targets with weights share the traffic/],
    [{ targets: [{ model: 'route:a@b' }] }, /^targets\.0\.model: must be model:NAME@VERSION/],
    [{ rules: [{ when: { a: 'b' }, model: 'newest' }] }, /^rules\.0\.model: /],
    [{ hedgeMs: 60_000 }, /^hedgeMs: the whole request is over/],
    [{ answerSchema: { type: 'strin' } }, /^answerSchema: the schema can't be applied: at \/type/],
    [{ repair: true }, /^repair: there is no answerSchema/],
    [{ guardrails: [{ on: 'response', check: 'Toxic' }] }, /^guardrails\.0\.check: there is no check Toxic/],
    [
      { guardrails: [{ on: 'request', check: 'schema' }], answerSchema: {} },
      /^guardrails\.0\.on: only a response/,
    ],
  ]
  test.for(cases)('%j', ([settings, message]) => {
    const problems = problemsOf(settings)
    expect(problems).toContainEqual(expect.stringMatching(message))
  })
})
