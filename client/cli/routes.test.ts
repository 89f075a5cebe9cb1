import { expect, test } from 'vitest'
import { answering, sluice } from './cli.fixture.ts'

const ref = (kind: string, digit: string) => `${kind}:support@${digit.repeat(64)}`
const target = (id: string, digit: string, more: object) => ({
  id,
  model: ref('model', digit),
  provider: 'openai',
  servedModel: `served-${id}`,
  baseUrl: 'https://gpu.example/v1',
  secret: 'GPU_KEY',
  share: 0,
  gates: [],
  ...more,
})
const route = {
  route: 'support',
  version: ref('route', 'a'),
  previous: ref('route', 'b'),
  activatedAt: 0,
  epoch: 7,
  fence: 3,
  spec: {
    targets: [{ model: ref('model', '1') }],
    canary: { share: 0.05, target: { model: ref('model', '2') } },
  },
  targets: [
    target('live', '1', { role: 'live', share: 0.95 }),
    target('new', '2', {
      role: 'canary',
      share: 0.05,
      gates: [
        { gate: 'no-regression', verdict: 'passed', stage: 'promote', runId: 'run_1', at: 0 },
        { gate: 'threshold', verdict: 'waived', stage: 'evaluate', runId: 'run_1', at: 0 },
      ],
    }),
    target('spare', '3', { role: 'fallback', provider: 'workers-ai', gates: null }),
  ],
  settings: [
    { name: 'Timeouts', text: '10 s to the headers, 1 min in all' },
    { name: 'Cache', text: 'equal requests get the same answer for 1 h' },
  ],
}

test('routes are listed, and one is shown with the gates that let each target in', async () => {
  const { env } = await answering({
    'GET /api/v1/routes': { status: 200, body: { epoch: 7, routes: [route] } },
    'GET /api/v1/routes/support': { status: 200, body: route },
  })
  expect((await sluice(['routes', 'list'], env)).out).toBe(
    'support  route:support@aaaaaaaaaaaa  1970-01-01 00:00:00  model:support@111111111111  canary 5% model:support@222222222222\n',
  )
  expect((await sluice(['routes', 'show', 'support'], env)).out.split('\n')).toEqual([
    route.version,
    '  since 1970-01-01 00:00:00, epoch 7',
    '  a rollback goes to route:support@bbbbbbbbbbbb',
    'targets',
    '  live 95%: model:support@111111111111, served-live at gpu.example (openai)',
    '    gates: none let it in',
    '  canary 5%: model:support@222222222222, served-new at gpu.example (openai)',
    '    passed  no-regression  of promote in run_1',
    '    waived  threshold      of evaluate in run_1',
    '  fallback: model:support@333333333333, served-spare at workers-ai',
    '    gates: the lineage database does not answer',
    'settings',
    '  Timeouts  10 s to the headers, 1 min in all',
    '  Cache     equal requests get the same answer for 1 h',
    '',
  ])
  const { out } = await sluice(['routes', 'show', 'support', '--json'], env)
  expect(JSON.parse(out)).toEqual(route)
})

test('a canary is stepped in percent, and a step that moved nothing says so', async () => {
  const { asked, env } = await answering({
    'POST /api/v1/routes/support/canary': {
      status: 200,
      body: { version: ref('route', 'c'), from: route.version, epoch: 8, share: 0.07 },
    },
    'POST /api/v1/routes/same/canary': {
      status: 200,
      body: { version: route.version, from: route.version, epoch: 8, share: 0.07 },
    },
  })
  const why = ['--reason', 'no complaints']
  const { out } = await sluice(['routes', 'canary', 'support', '7%', ...why, '--expect', route.version], env)
  expect(out).toBe('the canary of support has 7%: route:support@cccccccccccc as of epoch 8\n')
  expect(asked[0]!.body).toEqual({ share: 0.07, reason: 'no complaints', expect: route.version })
  expect((await sluice(['routes', 'canary', 'same', '7%', ...why], env)).out).toBe(
    'the canary of same has 7% already: nothing moved\n',
  )
  expect((await sluice(['routes', 'canary', 'support', '0%', ...why], env)).out).toContain(
    'support has no canary now',
  )
  const unclear = await sluice(['routes', 'canary', 'support', '0.5', ...why], env)
  expect([unclear.code, unclear.err]).toEqual([2, expect.stringContaining('in percent, such as 20%')])
  expect((await sluice(['routes', 'canary', 'support', '7%'], env)).code).toBe(2)
})

test('a route is rolled back with a reason, and a refusal is told', async () => {
  const { asked, env } = await answering({
    'POST /api/v1/routes/support/rollback': { status: 200, body: { version: ref('route', 'b'), epoch: 9 } },
    'POST /api/v1/routes/first/rollback': {
      status: 409,
      body: { code: 'route.no_rollback', detail: 'The route first has no version before its current one' },
    },
    'GET /api/v1/routes/support/deployments': {
      status: 200,
      body: {
        deployments: [
          {
            at: 0,
            kind: 'canary',
            routeVersion: route.version,
            actor: 'key_1',
            runId: 'run_1',
            reason: 'up',
          },
          {
            at: 0,
            kind: 'rollback',
            routeVersion: ref('route', 'b'),
            actor: 'key_1',
            runId: null,
            reason: 'no',
          },
        ],
      },
    },
  })
  expect((await sluice(['routes', 'rollback', 'support', '--reason', 'wrong refunds'], env)).out).toBe(
    'support points at route:support@bbbbbbbbbbbb as of epoch 9\n',
  )
  expect(asked[0]!.body).toEqual({ reason: 'wrong refunds' })
  const refused = await sluice(['routes', 'rollback', 'first', '--reason', 'r'], env)
  expect([refused.code, refused.err]).toEqual([
    1,
    'route.no_rollback: The route first has no version before its current one\n',
  ])
  expect((await sluice(['routes', 'history', 'support'], env)).out).toBe(
    '1970-01-01 00:00:00  canary    route:support@aaaaaaaaaaaa  key_1  run_1  up\n' +
      '1970-01-01 00:00:00  rollback  route:support@bbbbbbbbbbbb  key_1         no\n',
  )
})
