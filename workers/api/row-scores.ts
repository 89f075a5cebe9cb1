import { createRoute, z } from '@hono/zod-openapi'
import { MAX_ROW_ID_LENGTH } from '../../domain/dataset/row.ts'
import { Name } from '../../domain/ref.ts'
import { addRowScore, placeOfRow, scoresFromOutside } from '../evaluation/row-scores.ts'
import { scoresByEvaluations } from '../evaluation/scores-of-row.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'
import { IdempotencyKey } from './runs.ts'

/** Newest scores from outside that are listed. */
const MAX_LISTED = 500
/** Evaluations a page: each is a score shard to read. */
const MAX_EVALUATIONS = 50

const RowScore = z.object({
  scoreId: z.string(),
  dataset: z.string(),
  rowId: z.string(),
  evaluationId: z
    .string()
    .nullable()
    .openapi({ description: 'The evaluation whose answer it is of; null for the row itself' }),
  name: z.string(),
  source: z.enum(['external', 'human']),
  score: z.number(),
  label: z.string().nullable(),
  reason: z.string().nullable(),
  author: z.string().openapi({ description: 'Id of the key that added it' }),
  createdAt: z.number(),
})

const params = z.object({ name: Name, id: z.string().min(1).max(MAX_ROW_ID_LENGTH) })

const add = createRoute({
  method: 'post',
  path: '/datasets/{name}/rows/{id}/evaluations',
  summary: 'Add a score of a row from outside: of another system, or what a person found',
  description:
    'Scores are kept for ever; the newest of a name and author stands. With `evaluationId` it is of the answer that was ' +
    'scored there, and what people say so calibrates evaluators.',
  middleware: [requireScope('ingest')],
  request: {
    headers: IdempotencyKey,
    params,
    body: body(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        score: z.number().min(0).max(1),
        label: z.string().max(200).optional(),
        reason: z.string().max(4000).optional(),
        source: z.enum(['external', 'human']).default('external'),
        evaluationId: z.string().optional(),
        version: z.string().optional().openapi({
          description: 'Version or alias in which the row is looked for; the newest when absent',
        }),
      }),
    ),
  },
  responses: { 201: json(RowScore, 'The score'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/datasets/{name}/rows/{id}/evaluations',
  summary: 'All scores of a row: from outside, and by evaluations, newest first',
  middleware: [requireScope('read')],
  request: {
    params,
    query: z.object({
      version: z.string().optional(),
      before: z.coerce
        .number()
        .int()
        .optional()
        .openapi({ description: 'Cursor of `evaluations`: the `next` of the page before' }),
      limit: z.coerce.number().int().min(1).max(MAX_EVALUATIONS).default(20),
    }),
  },
  responses: {
    200: json(
      z.object({
        scores: z.array(RowScore),
        evaluations: z.array(
          z.object({
            evaluationId: z.string(),
            target: z.string(),
            status: z.string(),
            createdAt: z.number(),
            response: z.string().nullable(),
            scores: z.record(z.string(), z.any()),
          }),
        ),
        next: z.number().nullable(),
      }),
      'The scores',
    ),
    ...refusals,
  },
})

export const rowScoresApi = router()
  .openapi(add, async (c) => {
    const { name: dataset, id: rowId } = c.req.valid('param')
    const key = c.req.valid('header')['idempotency-key']
    const given = { ...c.req.valid('json'), dataset, rowId, key }
    return c.json(view(await addRowScore(c.env, c.get('caller'), given, Date.now())), 201)
  })
  .openapi(list, async (c) => {
    const { name: dataset, id: rowId } = c.req.valid('param')
    const { version, before, limit } = c.req.valid('query')
    const { project } = c.get('caller')
    const outside = await scoresFromOutside(lineage(c.env.LINEAGE), project, dataset, rowId, MAX_LISTED)
    const page = { before: before ?? Number.MAX_SAFE_INTEGER, limit }
    const found = await scoresByEvaluations(c.env, { project, dataset, rowId }, page)
    // A row that was scored was there once, in whatever version.
    if (outside.length === 0 && found.evaluations.length === 0 && before === undefined)
      await placeOfRow(c.env, project, { dataset, rowId, version })
    return c.json({ scores: outside.map(view), ...found }, 200)
  })

type Stored = Awaited<ReturnType<typeof addRowScore>>

function view({ projectId: _, ...score }: Stored) {
  return score
}
