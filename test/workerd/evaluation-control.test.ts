import { evictDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import {
  becomes,
  callsAt,
  evaluate,
  evaluationRuns,
  finished,
  readEvaluation,
  type EvaluationBody,
} from './evaluation-fixture.ts'
import { env, get, makeKey, post, request, type Problem } from './support.ts'
import { trainingRun } from './training-run.ts'

/** A chunk at a time, so that there is something left to pause. */
const slowly = { rows: 600, concurrency: 6 }
const tell = (evaluationId: string, what: string, init = {}) =>
  post<Problem & { status: string }>(`/api/v1/evaluations/${evaluationId}/${what}`, {}, init)

test('a paused evaluation scores nothing more, also after an eviction, and goes on when it is resumed', async () => {
  await evaluate('eval_paused', 'good.test', slowly)
  expect(await tell('eval_paused', 'pause')).toMatchObject({ status: 202, body: { status: 'paused' } })
  await becomes('eval_paused', 'paused')
  // What was under way is done.
  await expect
    .poll(async () => (await readEvaluation('eval_paused')).progress.underWay, { timeout: 20_000 })
    .toBe(0)
  const { progress } = await readEvaluation('eval_paused')
  expect(progress.done).toBeLessThan(progress.chunks)
  await evictDurableObject(evaluationRuns.getByName('eval_paused'))
  expect(await env.EVALUATION_RUN.getByName('eval_paused').work(progress.chunks - 1)).toBeUndefined()
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect((await readEvaluation('eval_paused')).progress).toMatchObject({
    done: progress.done,
    status: 'paused',
  })

  expect((await tell('eval_paused', 'resume')).body.status).toBe('running')
  const scores = await finished('eval_paused')
  const counted = scores.filter(({ metric }) => metric === 'JSONValidation')
  expect(counted.reduce((sum, { n }) => sum + n, 0)).toBe(600)
  // No answer was asked for twice.
  expect(await callsAt('good.test', 'Where is eval_paused?')).toHaveLength(600)
})

test('what has ended is neither paused nor resumed, and the refusal says so', async () => {
  await evaluate('eval_over', 'good.test', { rows: 3 })
  await finished('eval_over')
  for (const what of ['pause', 'resume', 'cancel']) {
    const { status, body } = await tell('eval_over', what)
    expect([status, body.code, body.detail]).toEqual([
      409,
      'evaluation.ended',
      'The evaluation eval_over is finished',
    ])
  }
})

test('a key that only reads cannot pause, and another project does not know the evaluation', async () => {
  const reader = await makeKey(['read'])
  expect((await tell('eval_over', 'pause', { key: reader.key })).body.code).toBe('scope.missing')
  const other = await makeKey(['run'], 'another')
  expect((await tell('eval_over', 'cancel', { key: other.key })).body.code).toBe('not.found')
})

const stageOf = async (runId: string) =>
  (await env.WORKFLOW_RUN.getByName(runId).describe())!.state.stages.train!

test('a stage says that its evaluation is paused, and fails when somebody cancels it', async () => {
  const run = env.WORKFLOW_RUN.getByName('run_held')
  await run.create(await trainingRun('run_held'))
  const notify = { runId: 'run_held', stage: 'train', attempt: 1, as: 'produced' } as const
  await evaluate('eval_held', 'good.test', { ...slowly, notify })
  await tell('eval_held', 'pause')
  await expect
    .poll(async () => (await stageOf('run_held')).waitingFor)
    .toBe('the evaluation eval_held, which is paused: resume it')
  await tell('eval_held', 'cancel')
  await becomes('eval_held', 'cancelled')
  await expect
    .poll(async () => (await stageOf('run_held')).error)
    .toMatchObject({ code: 'evaluation.cancelled', message: 'The evaluation eval_held was cancelled' })
})

test('progress is live: rows, speed and cost while it runs, with the scores so far, and a stream until the end', async () => {
  await evaluate('eval_live', 'good.test', { ...slowly, price: { inputUsdPerMTok: 1, outputUsdPerMTok: 2 } })
  const stream = await request('/api/v1/evaluations/eval_live/events')
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const told = (await stream.text())
    .trim()
    .split('\n\n')
    .map((message) => {
      const [type, data] = message.split('\n').map((line) => line.slice(line.indexOf(': ') + 2))
      return { type, progress: JSON.parse(data!) as EvaluationBody['progress'] }
    })
  expect(told[0]).toMatchObject({ type: 'progress', progress: { totalRows: 600, chunks: 12 } })
  expect(told.at(-1)).toMatchObject({ type: 'end', progress: { rows: 600, done: 12, status: 'finished' } })
  // 600 answers of 10 + 5 tokens.
  expect((await readEvaluation('eval_live')).costUsd).toBeCloseTo(600 * 20e-6, 10)
})

test('running sums are there before the end', async () => {
  await evaluate('eval_half', 'good.test', slowly)
  await expect.poll(async () => (await readEvaluation('eval_half')).progress.done).toBeGreaterThan(0)
  await tell('eval_half', 'pause')
  const { scores, status, progress } = await readEvaluation('eval_half')
  expect(status).not.toBe('finished')
  const n = scores
    .filter(({ metric }) => metric === 'JSONValidation')
    .reduce((sum, score) => sum + score.n, 0)
  expect(n).toBeGreaterThan(0)
  expect(progress).toMatchObject({ rowsPerSecond: expect.any(Number), secondsLeft: expect.any(Number) })
  const { body } = await get<{ evaluations: EvaluationBody[] }>('/api/v1/evaluations')
  expect(body.evaluations.map(({ evaluationId }) => evaluationId)).toContain('eval_half')
  await tell('eval_half', 'cancel')
})
