import { createRoute, z } from '@hono/zod-openapi'
import { and, eq } from 'drizzle-orm'
import type { RowScores } from '../../domain/evaluation/score.ts'
import { ProblemError } from '../../domain/problem.ts'
import { mean, meanBounds } from '../../domain/statistics/mean.ts'
import type { Env } from '../env.ts'
import { cohortScoresOf } from '../evaluation/finish.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { scoresPrefix } from '../registry/keys.ts'
import { readNdjson } from '../registry/ndjson.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

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
  .openapi(read, async (c) => {
    const row = await find(c.env, c.get('caller').project, c.req.valid('param').evaluationId)
    const progress = await c.env.EVALUATION_RUN.getByName(row.evaluationId).progress()
    const scores = await cohortScoresOf(c.env, row.evaluationId)
    const { evaluationId, target, source, mode, status, errors } = row
    return c.json(
      {
        evaluationId,
        target,
        source,
        mode,
        status,
        rows: row.rows,
        errors,
        progress,
        scores: scores.map((score) => ({
          metric: score.metric,
          cohort: score.cohort,
          n: score.n,
          errors: score.errors,
          mean: score.n === 0 ? 0 : mean(score),
          ...meanBounds(score, ALPHA),
        })),
      },
      200,
    )
  })
  .openapi(rows, async (c) => {
    const { project } = c.get('caller')
    const { evaluationId } = await find(c.env, project, c.req.valid('param').evaluationId)
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

async function find(env: Env, project: string, evaluationId: string) {
  const [row] = await lineage(env.LINEAGE)
    .select()
    .from(evaluations)
    .where(and(eq(evaluations.projectId, project), eq(evaluations.evaluationId, evaluationId)))
  if (!row) throw new ProblemError('not.found', `There is no evaluation ${evaluationId}`)
  return row
}
