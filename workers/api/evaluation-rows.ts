import { createRoute, z } from '@hono/zod-openapi'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { pageOfRows, worstRows } from '../evaluation/row-query.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { EvaluationId } from './evaluation-view.ts'
import { json, refusals, router } from './openapi.ts'

const flag = z.enum(['true', 'false']).default('false')

const rows = createRoute({
  method: 'get',
  path: '/{evaluationId}/rows',
  summary: 'Scores of the rows, with the answers and the reasons',
  description:
    'In the order of the dataset, whole score shards at a time until there are `limit` rows; or, with `sort=worst`, the `limit` rows with the lowest scores, in one page. `failed` wants rows below the pass mark, `errors` rows that could not be scored.',
  middleware: [requireScope('read')],
  request: {
    params: EvaluationId,
    query: z.object({
      cursor: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cohort: z.string().optional(),
      metric: z.string().optional(),
      failed: flag,
      errors: flag,
      sort: z.enum(['dataset', 'worst']).default('dataset'),
    }),
  },
  responses: {
    200: json(z.object({ rows: z.array(z.any()), next: z.string().nullable() }), 'A page of rows'),
    ...refusals,
  },
})

export const evaluationRows = router().openapi(rows, async (c) => {
  const { project } = c.get('caller')
  const db = lineage(c.env.LINEAGE)
  const { evaluationId, passMarks } = await getEvaluation(db, project, c.req.valid('param').evaluationId)
  const { cursor, limit, cohort, metric, failed, errors, sort } = c.req.valid('query')
  const query = { cohort, metric, failed: failed === 'true', errors: errors === 'true' }
  const of = { project, evaluationId }
  if (sort === 'worst')
    return c.json({ rows: await worstRows(c.env, of, query, passMarks, limit), next: null }, 200)
  return c.json(await pageOfRows(c.env, of, query, passMarks, { cursor, limit }), 200)
})
