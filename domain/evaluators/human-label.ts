import * as z from 'zod'
import type { Evaluated, EvaluatorInfo } from './evaluator.ts'

/** What people said of the row in this evaluation: the mean over them, each by the newest they gave. */
export const humanLabel = {
  name: 'HumanLabel',
  version: '1',
  engine: 'human',
  summary: 'People found the answer good.',
  inputs: ['response'],
  params: z.strictObject({
    /** Name under which people give the score; the metric's own when absent. */
    name: z.string().min(1).max(100).exactOptional(),
  }),
} as const satisfies EvaluatorInfo

export interface Label {
  author: string
  score: number
  label: string | null
  reason: string | null
}

/** The score of a row from its labels, oldest first. */
export function scoreOfLabels(labels: readonly Label[]): Evaluated {
  const newest = [...new Map(labels.map((label) => [label.author, label])).values()]
  if (newest.length === 0) return { error: 'nobody has labelled this row yet' }
  const score = newest.reduce((sum, one) => sum + one.score, 0) / newest.length
  const last = labels.at(-1)!
  const spread = Math.max(...newest.map((one) => one.score)) - Math.min(...newest.map((one) => one.score))
  return {
    score,
    reason: last.reason ?? `${newest.length === 1 ? 'One person' : `${newest.length} people`} labelled it.`,
    ...(last.label === null || newest.length > 1 ? {} : { label: last.label }),
    evidence: { people: newest.length, spread },
  }
}
