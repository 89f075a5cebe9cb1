import { expect, test } from 'vitest'
import { answering, sluice } from './cli.fixture.ts'

test('a run is started with refs, values, forced stages and a key', async () => {
  const body = { runId: 'run_1', workflow: 'w', workflowVersion: '2'.repeat(64) }
  const { asked, env } = await answering({ 'POST /api/v1/workflows/w/runs': { status: 201, body } })
  const line = 'start w -i rows=dataset:rows@production -i size:=3 --idempotency-key k --force train evaluate'
  const { code, out } = await sluice(line.split(' '), env)
  expect([code, out]).toEqual([0, 'run_1 runs w at version 222222222222\n'])
  expect(asked[0]).toMatchObject({
    idempotencyKey: 'k',
    body: { inputs: { rows: 'dataset:rows@production', size: 3 }, force: ['train', 'evaluate'] },
  })
  await sluice(['start', 'w', '--force'], env)
  expect(asked[1]!.body).toEqual({ inputs: {}, force: true })
})

test('runs are listed, shown and cancelled', async () => {
  const run = {
    runId: 'run_1',
    workflow: 'w',
    workflowVersion: '2'.repeat(64),
    status: 'failed',
    author: 'key_1',
  }
  const gate = { gate: 'threshold', verdict: 'failed', blocks: true, sentence: 'Too low.', at: 5 }
  const idle = { attempt: 1, waitingFor: null, cachedFrom: null, error: null }
  const stages = [
    { stage: 'train', kind: 'train', status: 'cached', ...idle, cachedFrom: { runId: 'run_0' }, gates: [] },
    {
      stage: 'evaluate',
      kind: 'evaluate',
      status: 'failed',
      ...idle,
      attempt: 2,
      gates: [gate, { gate: 'coverage', at: null }],
    },
  ]
  const shown = {
    ...run,
    createdAt: 0,
    inputs: { 'inputs.rows': 'dataset:rows@1' },
    failure: { code: 'gate.closed', message: 'threshold failed' },
    stages,
  }
  const { asked, env } = await answering({
    'GET /api/v1/runs': { status: 200, body: { runs: [{ ...run, createdAt: 0 }], next: null } },
    'GET /api/v1/runs/run_1': { status: 200, body: shown },
    'POST /api/v1/runs/run_1/cancel': { status: 202, body: { status: 'cancelled' } },
  })
  expect((await sluice(['runs', '--limit', '5'], env)).out).toBe(
    'run_1  w  failed  1970-01-01 00:00:00  key_1\n',
  )
  expect((await sluice(['run', 'run_1'], env)).out).toBe(
    [
      'run_1 failed',
      '  workflow w at version 222222222222',
      '  started 1970-01-01 00:00:00 by key_1',
      '  inputs.rows dataset:rows@1',
      '  failed: gate.closed: threshold failed',
      'train (train) cached, taken over from run_0',
      'evaluate (evaluate) failed, attempt 2',
      '  threshold failed, blocks: Too low.',
      '',
    ].join('\n'),
  )
  expect((await sluice(['cancel', 'run_1', '--reason', 'wrong rows'], env)).out).toBe('run_1 is cancelled\n')
  expect(asked.map(({ path }) => path)).toEqual([
    '/api/v1/runs?limit=5',
    '/api/v1/runs/run_1',
    '/api/v1/runs/run_1/cancel',
  ])
  expect(asked[2]!.body).toEqual({ reason: 'wrong rows' })
  expect(await sluice(['run', 'run_2'], env)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^not\.found: /),
  })
})

test.for([
  [['start', 'w', '-i', 'rows'], /It must be name=ref or name:=JSON/],
  [['start', 'w', '-i', 'size:=x'], /x is not JSON/],
  [['start'], /missing required argument 'workflow'/],
  [['frobnicate'], /unknown command 'frobnicate'/],
  [['runs', '--url', 'nowhere', '--key', 'k'], /nowhere is no address/],
] as const)('wrong usage is told: 2 (%s)', async ([args, message]) => {
  const { code, err } = await sluice(args)
  expect(code).toBe(2)
  expect(err).toMatch(message)
  expect(err).not.toMatch(/\n\s+at /)
})

test('help is no error', async () => {
  const { code, out } = await sluice(['--help'])
  expect(code).toBe(0)
  for (const command of ['apply', 'diff', 'lint', 'schema', 'start', 'runs', 'run', 'cancel'])
    expect(out).toContain(command)
})
