import { createRoute, z } from '@hono/zod-openapi'
import { DEFAULT_CONCURRENCY, MAX_CONCURRENCY } from '../../domain/evaluation/spec.ts'
import type { EvaluationStatus } from '../../domain/evaluation/status.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Ref } from '../../domain/ref.ts'
import type { Env } from '../env.ts'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { requestEvaluation } from '../evaluation/request.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { EvaluationId } from './evaluation-view.ts'
import { body, json, refusals, router } from './openapi.ts'
import { IdempotencyKey } from './runs.ts'

/** Longest wait for one answer when nobody says. */
const DEFAULT_TIMEOUT_MS = 30_000

const usd = z.number().min(0).max(1_000_000)

const Started = z.object({
  evaluationId: z.string().nullable().openapi({ description: 'Null for a dry run' }),
  status: z.string().openapi({
    description:
      '`planned` for a dry run; `finished` when an earlier evaluation says all that this one would',
  }),
  target: z.string(),
  source: z.string(),
  suite: z.string(),
  estimate: z
    .object({
      rows: z.number(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      candidateUsd: z.number().nullable(),
      metricsUsd: z.record(z.string(), z.number()),
      totalUsd: z.number(),
    })
    .openapi({
      description:
        'From the first rows. `candidateUsd` is null where the price of the candidate is not known; what is taken over from earlier evaluations will cost less',
    }),
})

const start = createRoute({
  method: 'post',
  path: '/',
  summary: 'Start an evaluation of a candidate on a dataset version by a suite, without a run',
  description:
    'Everything is pinned to versions now. Without a candidate the answers that the rows have are scored. Answers and scores of earlier evaluations of the same target are taken over where row, evaluator and parameters are the same; `force` does all anew. `dryRun` says what it would cost.',
  middleware: [requireScope('run')],
  request: {
    headers: IdempotencyKey,
    body: body(
      z.strictObject({
        candidate: z.string().max(300).optional().openapi({
          description:
            '`model:NAME@VERSION` or an alias, `route:NAME` (its first target), or `endpoint:NAME` of JUDGE_ENDPOINTS',
        }),
        dataset: Ref,
        suite: Ref,
        price: z
          .strictObject({ inputUsdPerMTok: usd, outputUsdPerMTok: usd })
          .optional()
          .openapi({ description: 'US dollars for a million tokens of the candidate' }),
        concurrency: z
          .number()
          .int()
          .min(1)
          .max(MAX_CONCURRENCY)
          .default(DEFAULT_CONCURRENCY)
          .openapi({ description: 'Answers that the candidate is asked for at once' }),
        timeoutMs: z.number().int().min(100).max(120_000).default(DEFAULT_TIMEOUT_MS),
        force: z.boolean().default(false),
        dryRun: z.boolean().default(false),
      }),
    ),
  },
  responses: { 202: json(Started, 'The evaluation'), ...refusals },
})

const Status = z.object({ evaluationId: z.string(), status: z.string() })

const pause = createRoute({
  method: 'post',
  path: '/{evaluationId}/pause',
  summary: 'Score no further chunk until the evaluation is resumed; those under way are done',
  middleware: [requireScope('run')],
  request: { params: EvaluationId },
  responses: { 202: json(Status, 'The status'), ...refusals },
})

const resume = createRoute({
  method: 'post',
  path: '/{evaluationId}/resume',
  summary: 'Go on with a paused evaluation',
  middleware: [requireScope('run')],
  request: { params: EvaluationId },
  responses: { 202: json(Status, 'The status'), ...refusals },
})

const cancel = createRoute({
  method: 'post',
  path: '/{evaluationId}/cancel',
  summary: 'Give an evaluation up; a stage that waits for it fails',
  middleware: [requireScope('run')],
  request: { params: EvaluationId },
  responses: { 202: json(Status, 'The status'), ...refusals },
})

export const evaluationControl = router()
  .openapi(start, async (c) => {
    const key = c.req.valid('header')['idempotency-key']
    return c.json(await requestEvaluation(c.env, c.get('caller'), c.req.valid('json'), key), 202)
  })
  .openapi(pause, async (c) => {
    const { evaluationId } = await own(c.env, c.get('caller').project, c.req.valid('param').evaluationId)
    const status = await c.env.EVALUATION_RUN.getByName(evaluationId).pause()
    return c.json(became(evaluationId, 'paused', status), 202)
  })
  .openapi(resume, async (c) => {
    const { evaluationId } = await own(c.env, c.get('caller').project, c.req.valid('param').evaluationId)
    const status = await c.env.EVALUATION_RUN.getByName(evaluationId).resume()
    return c.json(became(evaluationId, 'running', status), 202)
  })
  .openapi(cancel, async (c) => {
    const { evaluationId } = await own(c.env, c.get('caller').project, c.req.valid('param').evaluationId)
    const status = await c.env.EVALUATION_RUN.getByName(evaluationId).cancel({ tell: true })
    return c.json(became(evaluationId, 'cancelled', status), 202)
  })

function own(env: Env, project: string, evaluationId: string) {
  return getEvaluation(lineage(env.LINEAGE), project, evaluationId)
}

/** @throws ProblemError `evaluation.ended` when it was over already */
function became(evaluationId: string, wanted: EvaluationStatus, status: EvaluationStatus) {
  if (status === wanted) return { evaluationId, status }
  throw new ProblemError('evaluation.ended', `The evaluation ${evaluationId} is ${status}`, { status })
}
