import { beforeAll, expect, test } from 'vitest'
import { runCron } from '../../workers/cron.ts'
import { applyGated, readRun, rowsOf, runIn, startGated } from './gated-workflow.ts'
import { env, get, makeKey, post, type Problem } from './support.ts'

interface Approval extends Problem {
  approvalId: string
  runId: string
  attempt: number
  state: string
  question: string
  refusal: string | null
  decidedBy: string | null
  comment: string | null
  deadlineAt: number
  requestedAt: number
  runStatus: string
}
const question = 'Did you read ten answers?'
const quality = { gate: 'data-quality', params: { minRows: 1, maxLabelShare: 1 } }
const asks = (params: Record<string, unknown> = {}) => ({ gate: 'approval', params: { question, ...params } })

let ana: { keyId: string; key: string }
let ben: { keyId: string; key: string }
let author: { keyId: string; key: string }
beforeAll(async () => {
  ana = await makeKey(['approve', 'read'])
  ben = await makeKey(['read', 'approve'])
  author = await makeKey(['read', 'run', 'approve'])
  await applyGated('asks', [quality, asks()])
  await applyGated('trusts', [quality, asks({ authorMayApprove: true })])
  await applyGated('names', [asks({ approvers: ['approve,read'] })])
})

/** A run that waits for its approval; answers its id. */
async function waitingRun(workflow: string): Promise<string> {
  const runId = await startGated(workflow, author.key)
  await expect
    .poll(async () => (await inbox('open', author.key)).map((each) => each.runId), { timeout: 10_000 })
    .toContain(runId)
  return runId
}
const inbox = async (state: string, key = ana.key) =>
  (await get<{ approvals: Approval[] }>(`/api/v1/approvals?state=${state}&limit=200`, { key })).body.approvals
const decide = (runId: string, body: Record<string, unknown>, key = ana.key, attempt = 1) =>
  post<Approval>(`/api/v1/approvals/${runId}/ingest/${attempt}`, body, { key })
const verdictsOf = (runId: string) =>
  rowsOf("SELECT verdict, blocks, sentence FROM verdicts WHERE run_id = ? AND gate = 'approval'", runId)
const auditOf = (runId: string) =>
  rowsOf(
    "SELECT action, actor, target FROM audit_entries WHERE run_id = ? AND action LIKE 'approval.%'",
    runId,
  )

test('a person finds the question in the inbox, grants it, and the run goes on', async () => {
  const runId = await waitingRun('asks')
  expect((await readRun(runId)).status).toBe('waiting')
  const [open] = (await inbox('open')).filter((each) => each.runId === runId)
  expect(open).toMatchObject({ question, state: 'open', refusal: null, attempt: 1 })
  expect(open!.deadlineAt - open!.requestedAt).toBeLessThanOrEqual(72 * 3_600_000)

  const answer = await decide(runId, { decision: 'grant', comment: 'I did' })
  expect(answer).toMatchObject({
    status: 200,
    body: { state: 'granted', decidedBy: ana.keyId, comment: 'I did' },
  })
  const run = await runIn(runId, 'succeeded')
  expect(run.stages[0]!.gates.find(({ gate }) => gate === 'approval')).toMatchObject({
    verdict: 'passed',
    blocks: false,
    sentence: `Granted by approve,read: “I did”. The question was: ${question}`,
    evidence: { decidedBy: ana.keyId, decision: 'grant' },
  })
  expect(await auditOf(runId)).toEqual([
    { action: 'approval.granted', actor: ana.keyId, target: 'asks/ingest/approval' },
  ])
  expect((await inbox('open')).map((each) => each.runId)).not.toContain(runId)
})

test('a denial needs a comment, and stops the run', async () => {
  const runId = await waitingRun('asks')
  expect(await decide(runId, { decision: 'deny' })).toMatchObject({
    status: 400,
    body: { code: 'request.invalid', field: 'comment' },
  })
  expect(await decide(runId, { decision: 'perhaps' })).toMatchObject({
    status: 400,
    body: { field: 'decision' },
  })
  expect((await decide(runId, { decision: 'deny', comment: 'answer 3 is wrong' })).status).toBe(200)
  const run = await runIn(runId, 'failed')
  expect(run.failure).toMatchObject({ code: 'gate.closed', message: 'stopped by approval (failed)' })
  expect(await decide(runId, { decision: 'grant' }, ben.key)).toMatchObject({
    status: 409,
    body: { code: 'approval.closed', detail: expect.stringMatching(/is denied by key_/) },
  })
})

test('an author decides about the own run only where the gate lets them', async () => {
  const runId = await waitingRun('asks')
  const own = (await inbox('open', author.key)).find((each) => each.runId === runId)
  expect(own!.refusal).toMatch(/author of a run cannot approve it/)
  expect(await decide(runId, { decision: 'grant' }, author.key)).toMatchObject({
    status: 403,
    body: { code: 'approval.forbidden' },
  })
  expect(await verdictsOf(runId)).toEqual([])

  const trusting = await waitingRun('trusts')
  expect((await decide(trusting, { decision: 'grant' }, author.key)).status).toBe(200)
  await runIn(trusting, 'succeeded')
})

test('where the gate names people, nobody else decides', async () => {
  const runId = await waitingRun('names')
  expect(await decide(runId, { decision: 'grant' }, ben.key)).toMatchObject({
    status: 403,
    body: {
      code: 'approval.forbidden',
      detail: expect.stringMatching(/read,approve is not among .*: approve,read/),
    },
  })
  expect((await decide(runId, { decision: 'grant' }, ana.key)).status).toBe(200)
  await runIn(runId, 'succeeded')
})

test('deciding takes the scope approve, and the right run, stage, attempt and project', async () => {
  const runId = await waitingRun('asks')
  const reader = await makeKey(['read', 'run'])
  expect(await decide(runId, { decision: 'grant' }, reader.key)).toMatchObject({
    body: { code: 'scope.missing' },
  })
  const stranger = await makeKey(['read', 'approve'], 'other')
  expect((await decide(runId, { decision: 'grant' }, stranger.key)).status).toBe(404)
  expect(await inbox('open', stranger.key)).toEqual([])
  expect((await decide(runId, { decision: 'grant' }, ana.key, 2)).status).toBe(404)
  expect((await decide('run_none', { decision: 'grant' })).status).toBe(404)
  expect((await post('/api/v1/approvals/x/ingest/one', { decision: 'grant' })).status).toBe(400)
})

test('of two people who decide at the same moment the first wins, and the other is told', async () => {
  const runId = await waitingRun('asks')
  const answers = await Promise.all([
    decide(runId, { decision: 'grant', comment: 'fine' }, ana.key),
    decide(runId, { decision: 'deny', comment: 'not fine' }, ben.key),
  ])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  expect(await verdictsOf(runId)).toHaveLength(1)
  expect(await auditOf(runId)).toHaveLength(1)
  const won = answers.find(({ status }) => status === 200)!.body
  const [verdict] = await verdictsOf(runId)
  expect(verdict!.verdict).toBe(won.state === 'granted' ? 'passed' : 'failed')
  await runIn(runId, won.state === 'granted' ? 'succeeded' : 'failed')
})

/** As the write leaves things when the process dies before the run is told. */
async function decideAndDie(runId: string): Promise<void> {
  await env.LINEAGE.prepare(
    `INSERT INTO verdicts (verdict_id, project_id, run_id, stage, attempt, gate, verdict, blocks, sentence, params, evidence, at)
     VALUES (?1 || '/ingest/1/approval', 'default', ?1, 'ingest', 1, 'approval', 'passed', 0, 'Granted.', '{}', '{}', 1)`,
  )
    .bind(runId)
    .run()
  await env.LINEAGE.prepare(
    "UPDATE approvals SET state = 'granted', decided_by = ?, decided_at = 1, comment = '' WHERE run_id = ?",
  )
    .bind(ana.keyId, runId)
    .run()
}

test('a decision that was stored but not reported reaches the run by a repeated call', async () => {
  const runId = await waitingRun('asks')
  await decideAndDie(runId)
  expect(await decide(runId, { decision: 'grant' })).toMatchObject({
    status: 200,
    body: { state: 'granted' },
  })
  await runIn(runId, 'succeeded')
  expect(await decide(runId, { decision: 'grant' })).toMatchObject({
    status: 200,
    body: { state: 'granted' },
  })
  expect(await verdictsOf(runId)).toHaveLength(1)
})

test('and by the cron, should nobody call again', async () => {
  const runId = await waitingRun('asks')
  // The projection follows the run's object.
  await expect
    .poll(() => rowsOf('SELECT status FROM stage_runs WHERE run_id = ?', runId))
    .toEqual([{ status: 'gating' }])
  await decideAndDie(runId)
  await runCron(env, '* * * * *', Date.now())
  await runIn(runId, 'succeeded')
})

test('an approval whose deadline has passed is shown as expired, takes no decision, and gets a verdict', async () => {
  const runId = await waitingRun('asks')
  await env.LINEAGE.prepare('UPDATE approvals SET deadline_at = 1 WHERE run_id = ?').bind(runId).run()
  expect((await inbox('open')).map((each) => each.runId)).not.toContain(runId)
  expect((await inbox('expired')).map((each) => each.runId)).toContain(runId)
  expect(await decide(runId, { decision: 'grant' })).toMatchObject({
    status: 409,
    body: { code: 'approval.closed', detail: expect.stringMatching(/is expired$/) },
  })
  expect(await verdictsOf(runId)).toEqual([])
  await runCron(env, '* * * * *', Date.now())
  expect(await rowsOf('SELECT state FROM approvals WHERE run_id = ?', runId)).toEqual([{ state: 'expired' }])
  expect(await verdictsOf(runId)).toEqual([
    {
      verdict: 'not_run',
      blocks: 1,
      sentence: `Nobody decided until 1970-01-01 00:00 UTC. The question was: ${question}`,
    },
  ])
  // The run has its own timer; one that lost it hears of the verdict from the cron.
  const afterCron = async () => {
    await runCron(env, '* * * * *', Date.now())
    return (await readRun(runId)).status
  }
  await expect.poll(afterCron, { timeout: 10_000 }).toBe('failed')
})

test('an approval of a run that was cancelled is withdrawn', async () => {
  const runId = await waitingRun('asks')
  await post(`/api/v1/runs/${runId}/cancel`, { reason: 'not needed' })
  await runIn(runId, 'cancelled')
  expect(await decide(runId, { decision: 'grant' })).toMatchObject({
    status: 409,
    body: { state: 'withdrawn' },
  })
  await expect.poll(async () => (await inbox('withdrawn')).map((each) => each.runId)).toContain(runId)
  await runCron(env, '* * * * *', Date.now())
  expect(await rowsOf('SELECT state FROM approvals WHERE run_id = ?', runId)).toEqual([
    { state: 'withdrawn' },
  ])
  expect(await verdictsOf(runId)).toEqual([])
})

test('a yes is no yes to a gate whose waiver has ended meanwhile', async () => {
  await applyGated('waits-long', [{ gate: 'data-quality', params: { minRows: 2 } }, asks()])
  const waived = {
    workflow: 'waits-long',
    stage: 'ingest',
    gate: 'data-quality',
    reason: 'one row until Monday',
  }
  const { body } = await post<{ waiverId: string }>('/api/v1/waivers', waived, { key: ben.key })
  const runId = await waitingRun('waits-long')
  await env.LINEAGE.prepare('UPDATE waivers SET expires_at = 1 WHERE waiver_id = ?').bind(body.waiverId).run()
  const refused = await decide(runId, { decision: 'grant' })
  expect(refused).toMatchObject({ status: 409, body: { code: 'approval.closed' } })
  expect(refused.body.detail).toMatch(/The gate data-quality was passed by a waiver that ended/)
  expect((await decide(runId, { decision: 'deny', comment: 'the waiver has ended' })).status).toBe(200)
  await runIn(runId, 'failed')
})
