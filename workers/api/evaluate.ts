import { createRoute, z } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { currentSuite } from '../../domain/evaluation/current-suite.ts'
import { NamedMetric, SingleInput, wholeMetrics } from '../../domain/evaluation/single-input.ts'
import { JudgeSettings, metricEvaluator, Suite, type SuiteMetric } from '../../domain/evaluation/suite.ts'
import type { Evaluated, EvaluatorInput } from '../../domain/evaluators/evaluator.ts'
import { Json } from '../../domain/json.ts'
import { own } from '../../domain/own.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Name, parseRef, Ref } from '../../domain/ref.ts'
import type { Env } from '../env.ts'
import { latestCalibrations, thresholdsByCohort, type LatestCalibration } from '../evaluation/calibrations.ts'
import { scoreInput } from '../evaluation/score-input.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { getArtifact, resolveRef } from '../registry/artifacts.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

/** Largest request, in bytes. */
const MAX_BODY_BYTES = 5_000_000

const Evaluation = z.strictObject({
  input: SingleInput,
  metrics: z
    .array(NamedMetric)
    .min(1)
    .max(50)
    .optional()
    .openapi({ description: 'Names, or objects with `evaluator`; the current version when none is said' }),
  evaluator: z.string().optional().openapi({ description: 'Short for `metrics` with this one' }),
  suite: Ref.optional().openapi({ description: 'A suite’s metrics, schema and judge instead' }),
  answerSchema: z.record(z.string(), Json).optional(),
  judge: JudgeSettings.optional(),
  dataset: Name.optional().openapi({
    description: 'Calibrations of this dataset count before the project’s',
  }),
  cohort: z.string().min(1).max(100).optional().openapi({
    description: 'Its own threshold counts, where a calibration has one',
  }),
})
type Evaluation = z.infer<typeof Evaluation>

const Score = z.object({
  evaluator: z.string().openapi({ example: 'Groundedness:judge@1' }),
  score: z.number().optional(),
  error: z.string().optional().openapi({ description: 'Why there is no score: never a 0 instead' }),
  reason: z.string().optional(),
  label: z.string().optional(),
  evidence: z.record(z.string(), z.any()).optional(),
  weak: z.boolean().optional(),
  cost: z
    .object({
      latencyMs: z.number(),
      costUsd: z.number(),
      inputTokens: z.number().optional(),
      outputTokens: z.number().optional(),
      cached: z.boolean().optional(),
    })
    .optional(),
  passes: z.boolean().nullable().openapi({
    description: 'By `passAt` of the metric, else by the calibration; null without either, or a score',
  }),
  calibrated: z
    .object({
      calibrationId: z.string(),
      threshold: z.number(),
      dataset: z.string().nullable(),
      cohort: z.string().nullable(),
    })
    .nullable(),
  calibration: z.string().openapi({ description: 'The same in words' }),
})

const evaluate = createRoute({
  method: 'post',
  path: '/evaluate',
  summary: 'Score a single input at once',
  description:
    'By rules, judges, embeddings or your own services: nothing is stored but what a judge said, so that the same question ' +
    'is not paid twice. A metric that cannot score the input has an `error`.',
  middleware: [
    requireScope('run'),
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new ProblemError('body.too_large', `The body is larger than ${MAX_BODY_BYTES} bytes`, {
          limit: MAX_BODY_BYTES,
        })
      },
    }),
  ],
  request: { body: body(Evaluation) },
  responses: {
    200: json(
      z.object({ scores: z.record(z.string(), Score), costUsd: z.number(), latencyMs: z.number() }),
      'A score or an error by metric',
    ),
    ...refusals,
  },
})

export const evaluateApi = router().openapi(evaluate, async (c) => {
  const request = c.req.valid('json')
  const { project } = c.get('caller')
  const db = lineage(c.env.LINEAGE)
  const suite = await suiteFor(db, project, request)
  const started = Date.now()
  const [scored, calibrations] = await Promise.all([
    score(c.env, project, suite, request.input),
    latestCalibrations(db, project, request.dataset ?? null),
  ])
  const views = suite.metrics.map(async (metric) => {
    const found = calibrations.get(metricEvaluator(metric))
    const calibration = found && (await calibrationFor(db, project, found, request.cohort))
    return [metric.metric, view(metric, scored[metric.metric]!, calibration)] as const
  })
  const scores = Object.fromEntries(await Promise.all(views))
  const costUsd = Object.values(scored).reduce((sum, { cost }) => sum + (cost?.costUsd ?? 0), 0)
  return c.json({ scores, costUsd, latencyMs: Date.now() - started }, 200)
})

function score(
  env: Env,
  project: string,
  suite: Suite,
  input: EvaluatorInput,
): Promise<Record<string, Evaluated>> {
  return scoreInput(env, { project, suite }, suite.metrics, input)
}

/** What is asked for as a suite, with the suite's own refusals. */
async function suiteFor(db: Lineage, project: string, request: Evaluation): Promise<Suite> {
  const { suite, metrics, evaluator, answerSchema, judge } = request
  const said = [suite, metrics, evaluator].filter((one) => one !== undefined).length
  if (said !== 1)
    throw new ProblemError('request.invalid', 'metrics: give one of metrics, evaluator and suite', {
      field: 'metrics',
    })
  const more = {
    ...(answerSchema === undefined ? {} : { answerSchema }),
    ...(judge === undefined ? {} : { judge }),
  }
  if (suite !== undefined) {
    if (parseRef(suite).kind !== 'suite')
      throw new ProblemError('request.invalid', `suite: ${suite} is none; its ref is suite:name@version`, {
        field: 'suite',
      })
    const ref = await resolveRef(db, project, suite)
    return { ...currentSuite((await getArtifact(db, project, ref)).manifest), ...more }
  }
  const whole: Partial<SuiteMetric>[] = wholeMetrics(metrics ?? [evaluator!])
  const parsed = Suite.safeParse({ name: 'single-input', metrics: whole, ...more })
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new ProblemError('request.invalid', `${path.join('.')}: ${message}`, {
    field: path.join('.'),
    issues: parsed.error.issues,
  })
}

type Applied = Pick<LatestCalibration, 'calibrationId' | 'threshold' | 'dataset'> & { cohort: string | null }

/** What a calibration says of a cohort, where it says something of its own. */
async function calibrationFor(
  db: Lineage,
  project: string,
  found: LatestCalibration,
  cohort: string | undefined,
): Promise<Applied> {
  const { calibrationId, threshold, dataset } = found
  const ofCohort =
    cohort === undefined ? undefined : own(await thresholdsByCohort(db, project, found), cohort)
  return {
    calibrationId,
    threshold: ofCohort ?? threshold,
    dataset,
    cohort: ofCohort === undefined ? null : cohort!,
  }
}

function view(metric: SuiteMetric, result: Evaluated, calibrated: Applied | undefined) {
  const evaluator = metricEvaluator(metric)
  const passAt = metric.passAt ?? calibrated?.threshold
  const passes = passAt !== undefined && 'score' in result ? result.score >= passAt : null
  const known = { evaluator, ...result, passes }
  if (!calibrated) {
    const said = `${evaluator} is not calibrated in this project: nobody has compared its scores with people’s`
    return { ...known, calibrated: null, calibration: said }
  }
  const { threshold, dataset, cohort } = calibrated
  const of = [
    cohort === null ? '' : `the cohort ${cohort} of `,
    dataset === null ? 'this project' : `the dataset ${dataset}`,
  ].join('')
  const calibration = `${evaluator} is calibrated for ${of}: an answer passes from ${threshold} on`
  return { ...known, calibrated, calibration }
}
