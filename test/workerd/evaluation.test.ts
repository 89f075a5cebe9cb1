import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { CohortSums } from '../../domain/evaluation/score.ts'
import { cohortScoresOf } from '../../workers/evaluation/finish.ts'
import { keys } from '../../workers/registry/keys.ts'
import { gzipNdjson } from '../../workers/registry/ndjson.ts'
import worker from '../../workers/index.ts'
import { callsAt, evaluate, evaluationRuns, finished } from './evaluation-fixture.ts'
import { env, get } from './support.ts'
import { trainingRun } from './training-run.ts'

const ROWS = 120

/** Delivers the messages of chunks once more, as a queue may. */
async function redeliver(evaluationId: string, chunks: number): Promise<void> {
  const messages = Array.from({ length: chunks }, (_, chunk) => ({
    id: `again-${chunk}`,
    timestamp: new Date(),
    attempts: 2,
    body: { evaluationId, chunk },
  }))
  const batch = createMessageBatch('sluice-evaluation', messages)
  const ctx = createExecutionContext()
  await worker.queue(batch as MessageBatch, env)
  const result = await getQueueResult(batch, ctx)
  expect(result.explicitAcks).toHaveLength(chunks)
}

const count = (scores: CohortSums[], metric: string, of: 'n' | 'errors') =>
  scores.filter((score) => score.metric === metric).reduce((sum, score) => sum + score[of], 0)

test('every row counts once, by cohort, however often its message is delivered', async () => {
  const chunks = await evaluate('eval_redelivered', 'good.test')
  expect(chunks).toBe(3)
  await redeliver('eval_redelivered', chunks)
  const scores = await finished('eval_redelivered')
  await redeliver('eval_redelivered', chunks)
  expect(await cohortScoresOf(env, 'eval_redelivered')).toEqual(scores)
  expect(count(scores, 'JSONValidation', 'n')).toBe(ROWS)
  expect(scores.find(({ metric, cohort }) => metric === 'JSONValidation' && cohort === 'vip')).toMatchObject({
    n: 40,
    sum: 40,
    errors: 0,
  })
})

test('a row that the model does not answer is an error, never a 0', async () => {
  await evaluate('eval_unanswered', 'locked.test')
  const scores = await finished('eval_unanswered')
  expect(count(scores, 'Groundedness', 'n')).toBe(0)
  expect(count(scores, 'Groundedness', 'errors')).toBe(ROWS)
  const { body } = await get<{ rows: { scores: { Groundedness: { error: string } } }[] }>(
    '/api/v1/evaluations/eval_unanswered/rows',
  )
  expect(body.rows[0]!.scores.Groundedness.error).toMatch(/HTTP 401/)
})

test('a model that is broken is asked again, and then each of its rows is an error that says so', async () => {
  await evaluate('eval_broken', 'overloaded.test', { rows: 5 })
  const scores = await finished('eval_broken')
  expect(count(scores, 'Groundedness', 'n')).toBe(0)
  expect(count(scores, 'Groundedness', 'errors')).toBe(5)
  expect(await callsAt('overloaded.test', 'eval_broken')).toHaveLength(15)
  const { body } = await get<{ errors: number; scores: { mean: number; n: number }[] }>(
    '/api/v1/evaluations/eval_broken',
  )
  expect(body.errors).toBe(10)
  const { body: page } = await get<{ rows: { scores: { Groundedness: { error: string } } }[] }>(
    '/api/v1/evaluations/eval_broken/rows',
  )
  expect(page.rows[0]!.scores.Groundedness.error).toBe('HTTP 503: overloaded')
})

/** Sums of a chunk whose rows scored from `from` on, in two cohorts. */
const chunkScores = (from: number): CohortSums[] =>
  ['all', 'vip'].map((cohort) => ({
    metric: 'Groundedness',
    cohort,
    n: 10,
    errors: from,
    sum: from + 0.25,
    sumSquares: from + 0.5,
    passes: from,
    histogram: { 25: 10 },
  }))

const whole = { rows: 50, reused: 0, costUsd: 0, copyRates: [], answered: [] }

test('chunks add up to the same in any order, each counted by its first report', async () => {
  const orders = [
    [0, 1, 2],
    [2, 0, 1],
    [1, 1, 2, 0, 0],
  ]
  const totals = []
  for (const [index, order] of orders.entries()) {
    const evaluationId = `eval_order_${index}`
    await evaluate(evaluationId, 'silent.test')
    const object = env.EVALUATION_RUN.getByName(evaluationId)
    for (const [position, chunk] of order.entries()) {
      const again = order.indexOf(chunk) < position
      // What a second delivery found is not added, even when it differs.
      await object.report(chunk, { ...whole, scores: again ? chunkScores(99) : chunkScores(chunk) })
    }
    totals.push((await finished(evaluationId)).toSorted((a, b) => a.cohort.localeCompare(b.cohort)))
  }
  expect(totals[0]).toEqual(
    ['all', 'vip'].map((cohort) => ({
      metric: 'Groundedness',
      cohort,
      n: 30,
      errors: 3,
      sum: 3.75,
      sumSquares: 4.5,
      passes: 3,
      histogram: { 25: 30 },
    })),
  )
  expect(totals[1]).toEqual(totals[0])
  expect(totals[2]).toEqual(totals[0])
})

test('the run that waits is told once, however often the evaluation is driven on', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_told')
  await run.create(await trainingRun('run_told'))
  await evaluate('eval_told', 'good.test', {
    rows: 5,
    notify: { runId: 'run_told', stage: 'train', attempt: 1, as: 'produced' },
  })
  await finished('eval_told')
  const told = async () =>
    (await run.events(0)).filter(({ event }) => event.type === 'stage.produced').map(({ event }) => event)
  await expect.poll(told).toEqual([expect.objectContaining({ outputs: { evaluation: 'eval_told' } })])
  // An object that lost its memory of having finished finishes again.
  const stub = evaluationRuns.getByName('eval_told')
  await runInDurableObject(stub, async (_object, state) => {
    state.storage.kv.delete('status')
    await state.storage.setAlarm(Date.now() + 60_000)
  })
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await told()).toHaveLength(1)
  expect(count(await cohortScoresOf(env, 'eval_told'), 'JSONValidation', 'n')).toBe(5)
})

test('a cancelled evaluation gives out no more work, also after an eviction', async () => {
  await evaluate('eval_cancelled', 'previous.test', { rows: 5 })
  await env.EVALUATION_RUN.getByName('eval_cancelled').cancel()
  const before = await env.EVALUATION_RUN.getByName('eval_cancelled').progress()
  await redeliver('eval_cancelled', 1)
  await evictDurableObject(evaluationRuns.getByName('eval_cancelled'))
  expect(await env.EVALUATION_RUN.getByName('eval_cancelled').work(0)).toBeUndefined()
  expect((await env.EVALUATION_RUN.getByName('eval_cancelled').progress()).chunks).toBe(before.chunks)
  const status = () =>
    env.LINEAGE.prepare("SELECT status FROM evaluations WHERE evaluation_id = 'eval_cancelled'").first(
      'status',
    )
  await expect.poll(status).toBe('cancelled')
})

test('a chunk that somebody works on is given to nobody else, until there was no sign of life for long', async () => {
  await evaluate('eval_leased', 'good.test', { rows: 60, concurrency: 1 })
  const object = env.EVALUATION_RUN.getByName('eval_leased')
  await object.pause()
  await expect.poll(async () => (await object.progress()).underWay, { timeout: 10_000 }).toBe(0)
  const left = (await object.progress()).done
  await runInDurableObject(evaluationRuns.getByName('eval_leased'), (_object, state) => {
    state.storage.kv.put('status', 'running')
  })
  expect(await object.work(left)).toMatchObject({ spec: { evaluationId: 'eval_leased' } })
  expect(await object.work(left)).toBeUndefined()
  await runInDurableObject(evaluationRuns.getByName('eval_leased'), (_object, state) => {
    state.storage.sql.exec('UPDATE chunks SET held_until = 1 WHERE held_until IS NOT NULL')
  })
  expect(await object.work(left)).toBeDefined()
  await object.cancel()
})

test('the first score shard of a chunk stays, and the sums are its sums, whatever a model answers the second time', async () => {
  const first = {
    rowId: 'r0',
    cohort: 'all',
    response: 'x',
    scores: { Groundedness: { score: 0.25, reason: '' } },
  }
  await env.ARTIFACTS.put(keys.scores('default', 'eval_first', 0), await gzipNdjson([JSON.stringify(first)]))
  await evaluate('eval_first', 'good.test', { rows: 1 })
  expect(await finished('eval_first')).toMatchObject([{ metric: 'Groundedness', n: 1, sum: 0.25 }])
})

test('a chunk whose rows are gone is tried again and says why, and the evaluation can be cancelled', async () => {
  const writer = env.ARTIFACTS
  await evaluate('eval_gone', 'good.test', { rows: 1, concurrency: 1 })
  const object = env.EVALUATION_RUN.getByName('eval_gone')
  await finished('eval_gone')
  // The same evaluation again, after somebody has deleted the shard of its dataset and of its scores.
  await runInDurableObject(evaluationRuns.getByName('eval_gone'), async (_object, state) => {
    const { work } = state.storage.sql.exec<{ work: string }>('SELECT work FROM chunks').one()
    await writer.delete([
      (JSON.parse(work) as { shardKey: string }).shardKey,
      keys.scores('default', 'eval_gone', 0),
    ])
    state.storage.sql.exec('UPDATE chunks SET due_at = 0, result = NULL')
    state.storage.kv.delete('status')
    await state.storage.setAlarm(Date.now() + 60_000)
  })
  await evictDurableObject(evaluationRuns.getByName('eval_gone'))
  expect(await runDurableObjectAlarm(evaluationRuns.getByName('eval_gone'))).toBe(true)
  await expect
    .poll(async () => (await object.progress()).problem, { timeout: 10_000 })
    .toMatch(/dataset.corrupt|is gone/)
  expect((await object.progress()).done).toBe(0)
  expect(await object.cancel()).toBe('cancelled')
})

test('a message that is no evaluation message is tried again alone and acknowledged by nobody', async () => {
  const batch = createMessageBatch('sluice-evaluation', [
    { id: 'poison', timestamp: new Date(), attempts: 1, body: { nonsense: true } },
  ])
  await worker.queue(batch as MessageBatch, env)
  const result = await getQueueResult(batch, createExecutionContext())
  expect(result.explicitAcks).toEqual([])
  expect(result.retryMessages).toEqual([expect.objectContaining({ msgId: 'poison' })])
})

test('a dead letter is kept whole', async () => {
  const batch = createMessageBatch('sluice-dead-letters', [
    { id: 'dead', timestamp: new Date(), attempts: 1, body: { evaluationId: 'eval_x', chunk: 3 } },
  ])
  await worker.queue(batch as MessageBatch, env)
  await getQueueResult(batch, createExecutionContext())
  const row = await env.LINEAGE.prepare('SELECT queue, body FROM dead_letters WHERE dead_letter_id = ?')
    .bind('dl_dead')
    .first()
  expect(row).toEqual({ queue: 'sluice-evaluation', body: '{"evaluationId":"eval_x","chunk":3}' })
})
