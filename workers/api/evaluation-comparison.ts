import { createRoute, z } from '@hono/zod-openapi'
import { ProblemError } from '../../domain/problem.ts'
import { compareEvaluations } from '../evaluation/compare.ts'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { lineage } from '../lineage/db.ts'
import type { evaluations } from '../lineage/schema.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

const Side = z.object({ evaluationId: z.string(), target: z.string(), source: z.string() })

const Line = z.object({
  metric: z.string(),
  cohort: z.string().nullable().openapi({ description: 'Null for all rows' }),
  n: z.number(),
  difference: z.number(),
  lower: z.number(),
  upper: z.number(),
  margin: z.number(),
  outcome: z.enum(['better', 'same', 'worse', 'inconclusive']),
  rowsNeeded: z.number().nullable(),
  moreRows: z.number().nullable(),
  power: z.number().nullable(),
  smallestLoss: z.number().nullable(),
  gained: z.number(),
  lost: z.number(),
  mcnemarP: z.number().nullable(),
  suspicious: z.boolean(),
  method: z.string(),
  sentence: z.string(),
})

const Change = z.object({
  rowId: z.string(),
  cohort: z.string(),
  candidate: z.number(),
  production: z.number(),
  change: z.number(),
  flip: z.enum(['pass_to_fail', 'fail_to_pass']).nullable(),
  answer: z.string().nullable(),
  otherAnswer: z.string().nullable(),
  reason: z.string().nullable(),
  otherReason: z.string().nullable(),
})

const Comparison = z.object({
  candidate: Side,
  other: Side,
  rows: z.number(),
  lines: z.array(Line),
  copyRate: z
    .any()
    .openapi({ description: 'How much of their answers both copy from the context, where it is known' }),
  changes: z.array(
    z.object({
      metric: z.string(),
      passAt: z.number(),
      rows: z.number(),
      unpaired: z.number(),
      passToFail: z.number(),
      failToPass: z.number(),
      improved: z.number(),
      regressed: z.number(),
      unchanged: z.number(),
      mcnemarP: z.number(),
      worst: z.array(Change),
      best: z.array(Change),
    }),
  ),
})

const share = (otherwise: number) => z.coerce.number().min(0).max(1).default(otherwise)

const compare = createRoute({
  method: 'get',
  path: '/{evaluationId}/compare/{otherId}',
  summary:
    'An evaluation against another one on the rows that both have: by metric and cohort, and what changed, worst first',
  description:
    'Paired, with errors by conversation, and Holm’s correction over metrics and cohorts. Only scores by the same evaluator, version, engine and parameters are compared.',
  middleware: [requireScope('read')],
  request: {
    params: z.object({ evaluationId: z.string(), otherId: z.string() }),
    query: z.object({
      metric: z.union([z.string(), z.array(z.string())]).optional(),
      limit: z.coerce.number().int().min(0).max(100).default(10),
      margin: share(0.05).openapi({ description: 'How much worse the mean over all rows may be' }),
      cohortMargin: share(0.1),
      minCohortRows: z.coerce.number().int().min(1).default(20),
      alpha: z.coerce.number().positive().max(0.5).default(0.05),
    }),
  },
  responses: { 200: json(Comparison, 'The comparison'), ...refusals },
})

export const evaluationComparison = router().openapi(compare, async (c) => {
  const db = lineage(c.env.LINEAGE)
  const { project } = c.get('caller')
  const { evaluationId, otherId } = c.req.valid('param')
  const candidate = finished(await getEvaluation(db, project, evaluationId))
  const other = finished(await getEvaluation(db, project, otherId))
  const { metric, ...options } = c.req.valid('query')
  const metrics = metric === undefined ? undefined : [metric].flat()
  return c.json(await compareEvaluations(c.env, candidate, other, { metrics, ...options }), 200)
})

function finished(row: typeof evaluations.$inferSelect) {
  if (row.status === 'finished') return row
  throw new ProblemError(
    'evaluation.other',
    `${row.evaluationId} is ${row.status}: only what is finished is compared`,
  )
}
