import * as z from 'zod'
import { ENGINES, type EvaluatorInfo } from '../evaluators/evaluator.ts'
import { ALL_EVALUATORS, evaluatorId } from '../evaluators/registry.ts'
import { Json } from '../json.ts'
import { Name } from '../ref.ts'

/** Where a row passes when neither suite nor calibration says. */
export const DEFAULT_PASS_AT = 0.5

/** One number a suite gives each row. `reference: false` scores without the good answer, as online traffic must be. */
export const SuiteMetric = z.strictObject({
  metric: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/),
  evaluator: z.string(),
  version: z.string(),
  engine: z.enum(ENGINES).default('rule'),
  /** What the evaluator lets a suite set. */
  params: z.record(z.string(), Json).default({}),
  reference: z.boolean().default(true),
  /** A row passes from this score on: for the pass rate, and for what flipped. A calibration's threshold when absent. */
  passAt: z.number().min(0).max(1).exactOptional(),
})
export type SuiteMetric = z.infer<typeof SuiteMetric>

/** Who judges for the metrics of the engine `judge`, and for how much at most. */
export const JudgeSettings = z.strictObject({
  /** An endpoint of JUDGE_ENDPOINTS, or `route:NAME` for one of Sluice's own routes. */
  endpoint: z.string().min(1).max(100),
  /** Judgements of one row; the score is their mean, and their agreement is shown. */
  samples: z.number().int().min(1).max(9).default(1),
  /** Rows beyond this are errors that say so. */
  maxCostUsd: z.number().positive().max(10_000).default(5),
})
export type JudgeSettings = z.infer<typeof JudgeSettings>

/** Evaluators to run together, and the JSON Schema that answers must satisfy. Immutable, known by its hash. */
export const Suite = z
  .strictObject({
    name: Name,
    metrics: z.array(SuiteMetric).min(1).max(50),
    answerSchema: z.record(z.string(), Json).optional(),
    judge: JudgeSettings.exactOptional(),
  })
  .superRefine(({ metrics, judge }, context) => {
    const complain = (index: number, field: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['metrics', index, field], message })
    metrics.forEach((metric, index) => {
      const engines = ALL_EVALUATORS.filter(({ name }) => name === metric.evaluator)
      const found = engines.find(({ engine }) => engine === metric.engine)
      if (engines.length === 0) complain(index, 'evaluator', `not one of ${knownNames()}`)
      else if (!found)
        complain(index, 'engine', `${metric.evaluator} has ${engines.map(({ engine }) => engine).join(', ')}`)
      else if (found.version !== metric.version)
        complain(index, 'version', `${metric.evaluator} is at version ${found.version}`)
      else complainOfParams(found, metric, (message) => complain(index, 'params', message))
      if (metric.engine === 'judge' && !judge)
        complain(index, 'engine', 'a judge needs the suite to say which: set judge.endpoint')
      if (metrics.findIndex((other) => other.metric === metric.metric) !== index)
        complain(index, 'metric', `${metric.metric} stands twice`)
    })
  })
export type Suite = z.infer<typeof Suite>

function complainOfParams(
  { name, params }: EvaluatorInfo,
  metric: SuiteMetric,
  complain: (message: string) => void,
): void {
  if (!params) {
    if (Object.keys(metric.params).length > 0) complain(`${name} takes none`)
    return
  }
  for (const { path, message } of params.safeParse(metric.params).error?.issues ?? [])
    complain(path.length > 0 ? `${path.join('.')}: ${message}` : message)
}

function knownNames(): string {
  return [...new Set(ALL_EVALUATORS.map(({ name }) => name))].join(', ')
}

/** Which evaluator a metric's scores come from, as they are labelled. */
export function metricEvaluator({ evaluator, version, engine }: SuiteMetric): string {
  return evaluatorId({ name: evaluator, version, engine })
}

/** The part of a suite that needs no reference answer: what a sweep runs over traces. */
export function onlineMetrics(suite: Suite): SuiteMetric[] {
  const withoutReference = suite.metrics.filter(({ reference }) => !reference)
  const replaced = new Set(withoutReference.map(({ evaluator }) => evaluator))
  return suite.metrics.filter(({ reference, evaluator }) => !reference || !replaced.has(evaluator))
}
