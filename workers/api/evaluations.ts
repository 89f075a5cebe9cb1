import { createRoute, z } from '@hono/zod-openapi'
import { and, desc, eq, lt } from 'drizzle-orm'
import { EVALUATION_STATUSES } from '../../domain/evaluation/status.ts'
import { MAX_CONNECTIONS, mapConcurrently } from '../concurrency.ts'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { requireScope } from './auth.ts'
import { evaluationComparison } from './evaluation-comparison.ts'
import { evaluationControl } from './evaluation-control.ts'
import { evaluationRows } from './evaluation-rows.ts'
import {
  describeEvaluation,
  describeRow,
  Evaluation,
  EvaluationId,
  EvaluationRow,
} from './evaluation-view.ts'
import { Page, json, refusals, router } from './openapi.ts'

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Evaluations, newest first',
  middleware: [requireScope('read')],
  request: {
    query: Page.extend({
      status: z.enum(EVALUATION_STATUSES).optional(),
      source: z
        .string()
        .max(300)
        .optional()
        .openapi({ description: 'The dataset version, as `dataset:NAME@VERSION`' }),
    }),
  },
  responses: {
    200: json(z.object({ evaluations: z.array(EvaluationRow), next: z.number().nullable() }), 'A page'),
    ...refusals,
  },
})

const read = createRoute({
  method: 'get',
  path: '/{evaluationId}',
  summary: 'An evaluation: its progress, and its scores by metric and cohort with 95% intervals',
  middleware: [requireScope('read')],
  request: { params: EvaluationId },
  responses: { 200: json(Evaluation, 'The evaluation'), ...refusals },
})

const events = createRoute({
  method: 'get',
  path: '/{evaluationId}/events',
  summary: 'Progress of an evaluation as it comes, as server-sent events',
  description:
    'Messages are of type `progress` or, when it is over, `end`; each holds the whole progress, so that a client that comes back misses nothing.',
  middleware: [requireScope('read')],
  request: { params: EvaluationId },
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
    ...refusals,
  },
})

const readers = router()
  .openapi(list, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, limit, status, source } = c.req.valid('query')
    const page = await lineage(c.env.LINEAGE)
      .select()
      .from(evaluations)
      .where(
        and(
          eq(evaluations.projectId, c.get('caller').project),
          lt(evaluations.createdAt, before),
          status && eq(evaluations.status, status),
          source === undefined ? undefined : eq(evaluations.source, source),
        ),
      )
      .orderBy(desc(evaluations.createdAt))
      .limit(limit)
    const described = await mapConcurrently(page, MAX_CONNECTIONS, async (row) =>
      describeRow(row, await c.env.EVALUATION_RUN.getByName(row.evaluationId).progress()),
    )
    return c.json(
      { evaluations: described, next: page.length === limit ? page.at(-1)!.createdAt : null },
      200,
    )
  })
  .openapi(read, async (c) => {
    const { evaluationId } = c.req.valid('param')
    const row = await getEvaluation(lineage(c.env.LINEAGE), c.get('caller').project, evaluationId)
    return c.json(await describeEvaluation(c.env, row), 200)
  })
  .openapi(events, async (c) => {
    const { evaluationId } = c.req.valid('param')
    await getEvaluation(lineage(c.env.LINEAGE), c.get('caller').project, evaluationId)
    const stream = await c.env.EVALUATION_RUN.getByName(evaluationId).follow()
    return new Response(stream, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    }) as never
  })

/** Evaluations, with or without a run: what they came to, their rows, and what they are told. */
export const evaluationsApi = router()
  .route('/', readers)
  .route('/', evaluationRows)
  .route('/', evaluationComparison)
  .route('/', evaluationControl)
