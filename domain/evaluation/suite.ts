import { Json } from '../json.ts'
import * as z from 'zod'
import { EVALUATORS } from '../evaluators/registry.ts'
import { Name } from '../ref.ts'

/** One number a suite gives each row. `reference: false` scores without the good answer, as online traffic must be. */
export const SuiteMetric = z.strictObject({
  metric: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/),
  evaluator: z.string(),
  version: z.string(),
  reference: z.boolean().default(true),
})
export type SuiteMetric = z.infer<typeof SuiteMetric>

/** Evaluators to run together, and the JSON Schema that answers must satisfy. Immutable, known by its hash. */
export const Suite = z
  .strictObject({
    name: Name,
    metrics: z.array(SuiteMetric).min(1),
    answerSchema: z.record(z.string(), Json).optional(),
  })
  .superRefine(({ metrics }, context) => {
    metrics.forEach(({ metric, evaluator, version }, index) => {
      const found = EVALUATORS.find((candidate) => candidate.name === evaluator)
      const known = EVALUATORS.map(({ name }) => name).join(', ')
      if (!found) {
        context.addIssue({
          code: 'custom',
          path: ['metrics', index, 'evaluator'],
          message: `not one of ${known}`,
        })
      } else if (found.version !== version) {
        const message = `${evaluator} is at version ${found.version}`
        context.addIssue({ code: 'custom', path: ['metrics', index, 'version'], message })
      }
      if (metrics.findIndex((other) => other.metric === metric) !== index) {
        context.addIssue({
          code: 'custom',
          path: ['metrics', index, 'metric'],
          message: `${metric} stands twice`,
        })
      }
    })
  })
export type Suite = z.infer<typeof Suite>

/** The part of a suite that needs no reference answer: what a sweep runs over traces. */
export function onlineMetrics(suite: Suite): SuiteMetric[] {
  const withoutReference = suite.metrics.filter(({ reference }) => !reference)
  const replaced = new Set(withoutReference.map(({ evaluator }) => evaluator))
  return suite.metrics.filter(({ reference, evaluator }) => !reference || !replaced.has(evaluator))
}
