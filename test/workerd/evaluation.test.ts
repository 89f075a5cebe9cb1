import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env as bound } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { Example } from '../../domain/dataset/example.ts'
import type { CohortSums } from '../../domain/evaluation/score.ts'
import type { EvaluationSpec } from '../../domain/evaluation/spec.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { cohortScoresOf } from '../../workers/evaluation/finish.ts'
import { datasetChunks, startEvaluation } from '../../workers/evaluation/start.ts'
import worker from '../../workers/index.ts'
import { DatasetWriter } from '../../workers/registry/datasets.ts'
import type { EvaluationRun } from '../../durable-objects/evaluation-run.ts'
import { env, get } from './support.ts'
import { trainingRun } from './training-run.ts'

const evaluationRuns = (bound as unknown as { EVALUATION_RUN: DurableObjectNamespace<EvaluationRun> })
  .EVALUATION_RUN

const ROWS = 120
const suite = Suite.parse({
  name: 'tiny',
  metrics: [
    { metric: 'JSONValidation', evaluator: 'JSONValidation', version: '1' },
    { metric: 'Groundedness', evaluator: 'Groundedness', version: '1' },
  ],
})
const example: Example = {
  split: 'golden',
  prompt: [
    { role: 'system', content: 'Knowledge:\n[1] Parcels take three days.' },
    { role: 'user', content: 'Where is it?' },
  ],
  context: ['Parcels take three days.'],
  completion: { intent: 'track', action: 'track_parcel', reply: 'Parcels take three days.' },
}

async function evaluate(evaluationId: string, host: string, rows = ROWS, runId = 'run_none') {
  const writer = new DatasetWriter(env, 'default', `golden-${evaluationId.replaceAll('_', '-')}`, 50)
  for (let index = 0; index < rows; index++) {
    await writer.add({ id: `r${index}`, cohort: index % 3 === 0 ? 'vip' : 'all', data: example as never })
  }
  const { ref, manifest } = await writer.finish({ codeSha: 'x', createdBy: 'test', at: 1 })
  const spec: EvaluationSpec = {
    project: 'default',
    evaluationId,
    mode: 'offline',
    target: `model:m@${'a'.repeat(64)}`,
    source: ref,
    suite,
    metrics: suite.metrics,
    candidate: {
      id: host,
      model: `model:m@${'a'.repeat(64)}`,
      baseUrl: `http://${host}/v1`,
      servedModel: 'm',
      secret: 'GPU_ENDPOINT_KEY',
    },
    headersMs: 2_000,
    notify: { runId, stage: 'train', attempt: 1, as: 'produced' },
  }
  const chunks = datasetChunks(manifest)
  await startEvaluation(env, spec, chunks, null, 1)
  return chunks.length
}

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

async function finished(evaluationId: string): Promise<CohortSums[]> {
  await expect
    .poll(async () => (await get<{ status: string }>(`/api/v1/evaluations/${evaluationId}`)).body.status, {
      timeout: 20_000,
    })
    .toBe('finished')
  return cohortScoresOf(env, evaluationId)
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
  await evaluate('eval_broken', 'overloaded.test', 5)
  const scores = await finished('eval_broken')
  expect(count(scores, 'Groundedness', 'n')).toBe(0)
  expect(count(scores, 'Groundedness', 'errors')).toBe(5)
  const calls = (await (await fetch('http://calls.test/')).json()) as { host: string }[]
  expect(calls.filter(({ host }) => host === 'overloaded.test')).toHaveLength(15)
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
      await object.report(chunk, 50, again ? chunkScores(99) : chunkScores(chunk))
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
  await evaluate('eval_told', 'good.test', 5, 'run_told')
  await finished('eval_told')
  const told = async () =>
    (await run.events(0)).filter(({ event }) => event.type === 'stage.produced').map(({ event }) => event)
  await expect.poll(told).toEqual([expect.objectContaining({ outputs: { evaluation: 'eval_told' } })])
  // An object that lost its memory of having finished finishes again.
  const stub = evaluationRuns.getByName('eval_told')
  await runInDurableObject(stub, async (_object, state) => {
    state.storage.kv.delete('finished')
    await state.storage.setAlarm(Date.now() + 60_000)
  })
  expect(await runDurableObjectAlarm(stub)).toBe(true)
  expect(await told()).toHaveLength(1)
  expect(count(await cohortScoresOf(env, 'eval_told'), 'JSONValidation', 'n')).toBe(5)
})

test('a cancelled evaluation gives out no more work, also after an eviction', async () => {
  await evaluate('eval_cancelled', 'previous.test', 5)
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
