import { expect, test } from 'vitest'
import { rowsOf } from '../gated-workflow.ts'
import { env, get, post } from '../support.ts'
import { evaluated, startPromotion } from './promotion.ts'
import { readRun, stageOf, untilRun } from './tasks.ts'

test.for<[string, Parameters<typeof evaluated>[1] | undefined, string, RegExp]>([
  [
    'another model',
    { target: `model:m@${'2'.repeat(64)}` },
    'evaluation.other',
    /an offline evaluation of model:m@222/,
  ],
  ['an unfinished evaluation', { status: 'running' }, 'evaluation.other', /is running/],
  ['what production answered', { mode: 'online' }, 'evaluation.other', /an online evaluation/],
  ['another project', { projectId: 'elsewhere' }, 'not.found', /There is no evaluation/],
  ['nothing', undefined, 'not.found', /There is no evaluation/],
])('a promotion by an evaluation of %s is refused', async ([of, change, code, message]) => {
  const name = of.replaceAll(' ', '-')
  if (change) await evaluated(name, change)
  const { runId } = await startPromotion(name)
  const run = await untilRun(runId, 'failed')
  expect(run.failure).toMatchObject({ stage: 'promote', code, message: expect.stringMatching(message) })
  expect((await get(`/api/v1/artifacts/model/${name}/production`)).status).toBe(404)
})

test('a promotion by a finished evaluation of the model itself is made', async () => {
  await evaluated('fine')
  const { runId, model } = await startPromotion('fine')
  await untilRun(runId, 'succeeded')
  expect((await get<{ ref: string }>('/api/v1/artifacts/model/fine/production')).body.ref).toBe(model)
})

const approval = { gate: 'approval', params: { question: 'Does it ship?', authorMayApprove: true } }

const openQuestions = async (runId: string) => {
  const { body } = await get<{ approvals: { runId: string; attempt: number }[] }>(
    '/api/v1/approvals?state=open',
  )
  return body.approvals.filter((each) => each.runId === runId).map(({ attempt }) => attempt)
}
const grant = (runId: string, attempt: number) =>
  post(`/api/v1/approvals/${runId}/promote/${attempt}`, { decision: 'grant' })

test('a promotion whose lock was taken while a person was asked is judged anew, asked again, and then made once', async () => {
  await evaluated('outdated')
  const { runId, model, target } = await startPromotion('outdated', {
    gates: [{ gate: 'no-regression', params: { metrics: ['Groundedness'], margin: 0.03 } }, approval],
  })
  await expect.poll(() => openQuestions(runId), { timeout: 20_000 }).toEqual([1])
  const lock = env.GATE_LOCK.getByName(`default/${target}`)
  await lock.preempt('an operator')
  await lock.release('an operator')
  expect((await grant(runId, 1)).status).toBe(200)

  await expect.poll(() => openQuestions(runId), { timeout: 20_000 }).toEqual([2])
  expect(await stageOf(runId, 'promote')).toMatchObject({ status: 'gating', attempt: 2 })
  expect((await get('/api/v1/artifacts/model/outdated/production')).status).toBe(404)
  expect((await grant(runId, 2)).status).toBe(200)
  await untilRun(runId, 'succeeded')
  expect((await get<{ ref: string }>('/api/v1/artifacts/model/outdated/production')).body.ref).toBe(model)
  expect(await rowsOf('SELECT action FROM audit_entries WHERE target = ?', target)).toEqual([
    { action: 'alias.moved' },
  ])
  expect(
    await rowsOf(
      'SELECT attempt, gate, verdict FROM verdicts WHERE run_id = ? ORDER BY attempt, gate',
      runId,
    ),
  ).toEqual(
    [1, 2].flatMap((attempt) => [
      { attempt, gate: 'approval', verdict: 'passed' },
      { attempt, gate: 'no-regression', verdict: 'passed' },
    ]),
  )
  expect((await readRun(runId)).stages[1]!.gates.map(({ verdict }) => verdict)).toEqual(['passed', 'passed'])
})
