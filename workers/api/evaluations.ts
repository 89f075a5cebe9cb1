import { createRoute, z } from '@hono/zod-openapi'
import { and, desc, eq, lt } from 'drizzle-orm'
import type { RowScores } from '../../domain/evaluation/score.ts'
import { mean, meanBounds } from '../../domain/statistics/mean.ts'
import { MAX_CONNECTIONS, mapConcurrently } from '../concurrency.ts'
import type { Env } from '../env.ts'
import { cohortScoresOf } from '../evaluation/finish.ts'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { scoresPrefix } from '../registry/keys.ts'
import { readNdjson } from '../registry/ndjson.ts'
import { requireScope } from './auth.ts'
import { Page, json, refusals, router } from './openapi.ts'

/** Error of the intervals that are shown: two-sided 95%. */
const ALPHA = 0.025

const Evaluation = z.object({
  evaluationId: z.string(),
  target: z.string(),
  source: z.string(),
  mode: z.string(),
  status: z.string(),
  rows: z.number(),
  errors: z.number(),
  progress: z.object({ chunks: z.number(), done: z.number(), rows: z.number() }),
  scores: z.array(
    z.object({
      metric: z.string(),
      cohort: z.string(),
      n: z.number(),
      errors: z.number(),
      mean: z.number(),
      lower: z.number(),
      upper: z.number(),
    }),
  ),
})

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Evaluations, newest first',
  middleware: [requireScope('read')],
  request: { query: Page },
  responses: {
    200: json(
      z.object({ evaluations: z.array(Evaluation.omit({ scores: true })), next: z.number().nullable() }),
      'A page',
    ),
    ...refusals,
  },
})

const read = createRoute({
  method: 'get',
  path: '/{evaluationId}',
  summary: 'An evaluation: its progress, and its scores by metric and cohort with 95% intervals',
  middleware: [requireScope('read')],
  request: { params: z.object({ evaluationId: z.string() }) },
  responses: { 200: json(Evaluation, 'The evaluation'), ...refusals },
})

const rows = createRoute({
  method: 'get',
  path: '/{evaluationId}/rows',
  summary: 'Scores of the rows, with the answers and the reasons, a score shard a page',
  middleware: [requireScope('read')],
  request: {
    params: z.object({ evaluationId: z.string() }),
    query: z.object({ cursor: z.string().optional(), cohort: z.string().optional() }),
  },
  responses: {
    200: json(z.object({ rows: z.array(z.any()), next: z.string().nullable() }), 'A page of rows'),
    ...refusals,
  },
})

export const evaluationsApi = router()
  .openapi(list, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, limit } = c.req.valid('query')
    const page = await lineage(c.env.LINEAGE)
      .select()
      .from(evaluations)
      .where(and(eq(evaluations.projectId, c.get('caller').project), lt(evaluations.createdAt, before)))
      .orderBy(desc(evaluations.createdAt))
      .limit(limit)
    const described = await mapConcurrently(page, MAX_CONNECTIONS, async (row) =>
      describe(row, await progressOf(c.env, row)),
    )
    return c.json(
      { evaluations: described, next: page.length === limit ? page.at(-1)!.createdAt : null },
      200,
    )
  })
  .openapi(read, async (c) => {
    const row = await getEvaluation(
      lineage(c.env.LINEAGE),
      c.get('caller').project,
      c.req.valid('param').evaluationId,
    )
    const scores = await cohortScoresOf(c.env, row.evaluationId)
    const view = scores.map((score) => ({
      metric: score.metric,
      cohort: score.cohort,
      n: score.n,
      errors: score.errors,
      mean: mean(score),
      ...meanBounds(score, ALPHA),
    }))
    return c.json({ ...describe(row, await progressOf(c.env, row)), scores: view }, 200)
  })
  .openapi(rows, async (c) => {
    const { project } = c.get('caller')
    const { evaluationId } = await getEvaluation(
      lineage(c.env.LINEAGE),
      project,
      c.req.valid('param').evaluationId,
    )
    const { cursor, cohort } = c.req.valid('query')
    const page = await c.env.ARTIFACTS.list({
      prefix: scoresPrefix(project, evaluationId),
      limit: 1,
      ...(cursor === undefined ? {} : { startAfter: cursor }),
    })
    const key = page.objects[0]?.key
    const shard = key === undefined ? [] : await readNdjson<RowScores>(c.env.ARTIFACTS, key)
    const wanted = cohort === undefined ? shard : shard.filter((row) => row.cohort === cohort)
    return c.json({ rows: wanted, next: page.truncated ? (key ?? null) : null }, 200)
  })

type EvaluationRow = typeof evaluations.$inferSelect

function progressOf(env: Env, { evaluationId }: EvaluationRow) {
  return env.EVALUATION_RUN.getByName(evaluationId).progress()
}

function describe(row: EvaluationRow, progress: { chunks: number; done: number; rows: number }) {
  const { evaluationId, target, source, mode, status, rows: scored, errors } = row
  return { evaluationId, target, source, mode, status, rows: scored, errors, progress }
}
