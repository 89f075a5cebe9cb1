import * as z from 'zod'
import type { CohortScore } from '../evaluation/score.ts'
import { judge, onInconclusive, percent, type Gate } from './gate.ts'

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
    const errorShares: Record<string, number> = {}
    for (const metric of new Set(scores.map((score) => score.metric))) {
      const parts = scores.filter((score) => score.metric === metric)
      const errors = parts.reduce((sum, part) => sum + part.errors, 0)
      const rows = parts.reduce((sum, part) => sum + part.n + part.errors, 0)
      errorShares[metric] = errors / Math.max(1, rows)
    }
    const unscored = Object.entries(errorShares).filter(([, share]) => share > params.maxErrors)
    const faults = [
      scores.length === 0 && 'no row was scored',
      distinct.size < params.minEvaluators &&
        `${distinct.size} evaluators are fewer than ${params.minEvaluators}`,
      ...unscored.map(([metric, share]) => `${percent(share)} of the rows have no ${metric}`),
    ]
    return judge(faults, `${distinct.size} evaluators scored the rows: ${[...distinct].join(', ')}.`, {
      evaluators: [...distinct],
      errorShares,
    })
  },
}
