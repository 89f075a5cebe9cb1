import * as z from 'zod'
import { momentsOf, type CohortScore } from '../evaluation/score.ts'
import { excess, judge, onInconclusive, type Gate } from './gate.ts'

const Params = z.strictObject({
  /** Distinct evaluators that the suite must hold. Below 2 is usually too thin. */
  minEvaluators: z.number().int().min(1).default(2),
  /** Largest share of rows that could not be scored, for each metric. */
  maxErrors: z.number().min(0).max(1).default(0.02),
  onInconclusive,
})

export interface CoverageEvidence {
  evaluators: string[]
  scores: CohortScore[]
}

/** Enough evaluators, and enough rows that they could score. */
export const coverage: Gate<z.infer<typeof Params>, CoverageEvidence> = {
  name: 'coverage',
  stages: ['evaluate'],
  params: Params,
  evaluate(params, { evaluators, scores }) {
    const distinct = new Set(evaluators)
    const metrics = [...new Set(scores.map(({ metric }) => metric))].map((metric) => {
      const { n, errors } = momentsOf(scores, metric)
      return { metric, errors, rows: n + errors }
    })
    const complaints = [
      scores.length === 0 && 'no row was scored',
      distinct.size < params.minEvaluators &&
        `${distinct.size} evaluators are fewer than ${params.minEvaluators}`,
      ...metrics.map(({ metric, errors, rows }) =>
        excess([errors, rows], params.maxErrors, (share) => `${share} of the rows have no ${metric}`),
      ),
    ]
    return judge(complaints, `${distinct.size} evaluators scored the rows: ${[...distinct].join(', ')}.`, {
      evaluators: [...distinct],
      errorShares: Object.fromEntries(
        metrics.map(({ metric, errors, rows }) => [metric, errors / Math.max(1, rows)]),
      ),
    })
  },
}
