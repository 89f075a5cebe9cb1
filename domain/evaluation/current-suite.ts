import { ProblemError } from '../problem.ts'
import { Suite } from './suite.ts'

/**
 * A suite as it is stored, when every evaluator that it names is still here in that version. Scores of another version
 * would not be the suite's.
 *
 * @throws ProblemError `suite.outdated`, naming the metric and what there is instead
 */
export function currentSuite(stored: unknown): Suite {
  const parsed = Suite.safeParse(stored)
  if (parsed.success) return parsed.data
  const { metrics = [], name = 'suite' } = stored as Partial<Suite>
  const faults = parsed.error.issues.map(({ path, message }) => {
    const metric = path[0] === 'metrics' ? metrics[path[1] as number] : undefined
    return metric ? `${metric.metric} by ${metric.evaluator}@${metric.version}: ${message}` : message
  })
  throw new ProblemError(
    'suite.outdated',
    `The suite ${name} cannot be run any more (${faults.join('; ')}): register it anew with evaluators that are here`,
    { faults },
  )
}
