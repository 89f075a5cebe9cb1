import { expect, test } from 'vitest'
import { answering, sluice } from './cli.fixture.ts'

test('the inbox is read, and a decision names its stage', async () => {
  const approval = {
    approvalId: 'run_1/ship/2',
    question: 'Ship it?',
    workflow: 'w',
    runAuthor: 'key_1',
    deadlineAt: 0,
    refusal: 'The author of a run does not decide.',
  }
  const { asked, env } = await answering({
    'GET /api/v1/approvals': { status: 200, body: { approvals: [approval], next: null } },
    'POST /api/v1/approvals/run_1/ship/2': { status: 200, body: { ...approval, state: 'granted' } },
  })
  expect((await sluice(['inbox'], env)).out).toBe(
    'run_1/ship/2\n  Ship it?\n  w, started by key_1; decide until 1970-01-01 00:00:00\n  not by you: The author of a run does not decide.\n',
  )
  const { code, out } = await sluice(['approve', 'run_1/ship/2', '--comment', 'fine'], env)
  expect([code, out]).toEqual([0, 'run_1/ship/2 is granted\n'])
  expect(asked.at(-1)!.body).toEqual({ decision: 'grant', comment: 'fine' })
  expect((await sluice(['deny', 'run_1/ship/2'], env)).code).toBe(2)
  expect((await sluice(['approve', 'run_1'], env)).err).toMatch(/three names with a slash/)
})

test('a gate is waived by place, with a reason', async () => {
  const waiver = { waiverId: 'wvr_1', expiresAt: 0 }
  const { asked, env } = await answering({ 'POST /api/v1/waivers': { status: 201, body: waiver } })
  const { out } = await sluice(
    ['waive', 'w/evaluate/threshold', '--reason', 'known outage', '--days', '3'],
    env,
  )
  expect(out).toBe('wvr_1 waives w/evaluate/threshold until 1970-01-01 00:00:00\n')
  expect(asked[0]!.body).toEqual({
    workflow: 'w',
    stage: 'evaluate',
    gate: 'threshold',
    reason: 'known outage',
    days: 3,
  })
})

test('logs are read to the last page, and a signal carries its payload', async () => {
  const line = { line: 1, at: 0, stage: 'a', attempt: 1, level: 'info', message: 'half way', fields: {} }
  const { asked, env } = await answering({
    'GET /api/v1/runs/run_1/logs': { status: 200, body: { lines: [line], next: null } },
    'POST /api/v1/runs/run_1/signals/go': { status: 202, body: { status: 'running' } },
    'POST /api/v1/runs/run_1/rerun': { status: 201, body: { runId: 'run_2' } },
  })
  expect((await sluice(['logs', 'run_1'], env)).out).toBe('1970-01-01 00:00:00  a 1  half way\n')
  expect((await sluice(['signal', 'run_1', 'go', '--payload', '{"n":1}'], env)).out).toBe(
    'run_1 is running\n',
  )
  expect(asked.at(-1)!.body).toEqual({ payload: { n: 1 } })
  expect((await sluice(['rerun', 'run_1', '--from', 'a'], env)).out).toBe('run_2 goes on from run_1\n')
  expect(asked.at(-1)!.body).toEqual({ from: ['a'] })
})

test('a refusal of the server is told by its code', async () => {
  const { env } = await answering({
    'POST /api/v1/dead-letters/dl_1/replay': {
      status: 409,
      body: { code: 'run.terminal', detail: 'The run has ended' },
    },
  })
  const { code, err } = await sluice(['replay', 'dl_1'], env)
  expect([code, err]).toEqual([1, 'run.terminal: The run has ended\n'])
})
