import { createRoute, z } from '@hono/zod-openapi'
import { MAX_LABELS, MIN_COHORT_LABELS, MIN_LABELS, MIN_OF_EACH } from '../../domain/calibration/labelled.ts'
import { ALL_EVALUATORS, evaluatorId } from '../../domain/evaluators/registry.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import { calibrateEvaluator, type CalibrationRequest } from '../evaluation/calibrate.ts'
import { listCalibrations, readCalibration, type CalibrationManifest } from '../evaluation/calibrations.ts'
import { lineage } from '../lineage/db.ts'
import type { calibrations } from '../lineage/schema.ts'
import { requireScope } from './auth.ts'
import { body, json, Page, refusals, router } from './openapi.ts'

const Figure = z.object({ value: z.number(), lower: z.number(), upper: z.number() })

const Fit = z.object({
  n: z.number().int(),
  good: z.number().int(),
  threshold: z.number(),
  auroc: Figure,
  fittedBalancedAccuracy: z.number(),
  balancedAccuracy: Figure,
  agreement: Figure,
  kappa: Figure,
})

const Summary = z.object({
  calibrationId: z.string(),
  evaluator: z.string(),
  dataset: z.string().nullable(),
  artifactRef: z.string(),
  threshold: z.number(),
  createdBy: z.string(),
  createdAt: z.number(),
})

const Calibration = Summary.extend({
  ...Fit.shape,
  evaluationId: z.string().nullable(),
  unscored: z.number().int(),
  seed: z.number().int(),
  cohorts: z.record(z.string(), Fit),
})

const share = z.number().min(0).max(1)

const calibrate = createRoute({
  method: 'post',
  path: '/',
  summary: 'Compare an evaluator’s scores with people’s, and find the score from which on a row passes',
  description: [
    'Of an evaluation: give `evaluationId` and `metric`; labels are those that people added to its rows, or `labels`. Or give',
    '`evaluator` and `pairs` of score and label. A row is good from a label of 0.5 on. Kappa, agreement and balanced accuracy',
    'are cross-validated; intervals are 95%. It holds for the evaluation’s dataset unless `dataset` says otherwise; null is',
    `any. At least ${MIN_LABELS} labelled rows are needed, ${MIN_OF_EACH} of each kind; a cohort with ${MIN_COHORT_LABELS}`,
    'gets a threshold of its own.',
  ].join(' '),
  middleware: [requireScope('run')],
  request: {
    body: body(
      z.strictObject({
        evaluationId: z.string().optional(),
        metric: z.string().optional(),
        labels: z
          .array(z.strictObject({ rowId: z.string(), label: share }))
          .max(MAX_LABELS)
          .optional(),
        labelName: z.string().optional(),
        evaluator: z.string().optional().openapi({ example: 'Groundedness:judge@1' }),
        pairs: z
          .array(z.strictObject({ score: share, label: share, cohort: z.string().max(100).optional() }))
          .max(MAX_LABELS)
          .optional(),
        dataset: Name.nullable().optional(),
        seed: z.number().int().default(1),
      }),
    ),
  },
  responses: { 201: json(Calibration, 'The calibration'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Calibrations, newest first',
  middleware: [requireScope('read')],
  request: { query: Page.extend({ evaluator: z.string().optional(), dataset: Name.optional() }) },
  responses: {
    200: json(z.object({ calibrations: z.array(Summary), next: z.number().nullable() }), 'A page'),
    ...refusals,
  },
})

const read = createRoute({
  method: 'get',
  path: '/{calibrationId}',
  summary: 'A calibration with all that it found',
  middleware: [requireScope('read')],
  request: { params: z.object({ calibrationId: z.string() }) },
  responses: { 200: json(Calibration, 'The calibration'), ...refusals },
})

export const calibrationsApi = router()
  .openapi(calibrate, async (c) => {
    const given = c.req.valid('json')
    refuseTwice(given.labels)
    const request = requestOf(given)
    const { row, manifest } = await calibrateEvaluator(c.env, c.get('caller'), request, Date.now())
    return c.json(view(row, manifest), 201)
  })
  .openapi(list, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, limit, evaluator, dataset } = c.req.valid('query')
    const filter = { before, limit, evaluator, dataset }
    const rows = await listCalibrations(lineage(c.env.LINEAGE), c.get('caller').project, filter)
    return c.json(
      { calibrations: rows.map(summary), next: rows.length === limit ? rows.at(-1)!.createdAt : null },
      200,
    )
  })
  .openapi(read, async (c) => {
    const { calibrationId } = c.req.valid('param')
    const db = lineage(c.env.LINEAGE)
    const { row, manifest } = await readCalibration(db, c.get('caller').project, calibrationId)
    return c.json(view(row, manifest), 200)
  })

/** Two labels of one row: whose counts, nobody could tell. */
function refuseTwice(labels: readonly { rowId: string }[] = []): void {
  const seen = new Set<string>()
  for (const [index, { rowId }] of labels.entries()) {
    if (seen.has(rowId)) {
      const field = `labels.${index}.rowId`
      throw new ProblemError(
        'request.invalid',
        `${field}: ${rowId} stands twice; send one label of each row`,
        {
          field,
        },
      )
    }
    seen.add(rowId)
  }
}

type Given = z.infer<(typeof calibrate)['request']['body']['content']['application/json']['schema']>

/** One of two ways to say what is compared with what. */
function requestOf({
  evaluationId,
  metric,
  labels,
  labelName,
  evaluator,
  pairs,
  ...rest
}: Given): CalibrationRequest {
  if (evaluationId !== undefined && metric !== undefined && evaluator === undefined && pairs === undefined)
    return { evaluationId, metric, labels, labelName, ...rest }
  const isOfPairs = [evaluationId, metric, labels, labelName].every((field) => field === undefined)
  if (!isOfPairs || evaluator === undefined || pairs === undefined)
    throw new ProblemError(
      'request.invalid',
      'evaluationId: give evaluationId and metric, or evaluator and pairs, and nothing of the other',
      { field: 'evaluationId' },
    )
  const known = ALL_EVALUATORS.map(evaluatorId)
  if (!known.includes(evaluator))
    throw new ProblemError('request.invalid', `evaluator: not one of ${known.join(', ')}`, {
      field: 'evaluator',
    })
  return { evaluator, pairs, ...rest }
}

type Row = typeof calibrations.$inferSelect

function summary({ projectId: _, ...row }: Row) {
  return row
}

function view(row: Row, { evaluator: _, dataset: _dataset, ...found }: CalibrationManifest) {
  return { ...summary(row), ...found }
}
