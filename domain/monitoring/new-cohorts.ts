import { percent } from '../gates/gate.ts'
import { wilsonBounds } from '../statistics/proportion.ts'
import type { Counts } from '../statistics/mix.ts'

/** What traffic is held against. */
export interface CohortSource {
  /** As a sentence names it: `evaluation`, `training`. */
  name: string
  /** Rows by cohort. */
  rows: Counts
}

export interface NewCohort {
  cohort: string
  traces: number
  /** Of the traffic, 0 to 1, with its one-sided 95% bounds (Wilson). */
  share: number
  lower: number
  upper: number
  /** Sources that have no row of it, in their order. */
  absentFrom: string[]
  sentence: string
}

/** Of the bounds of a share. */
const ALPHA = 0.05

/**
 * Cohorts of the traffic that a dataset has no row of, the largest first. No test: that the rows lack a cohort is a fact,
 * and whether its share is worth a row is `minShare`.
 *
 * @param traffic traces by cohort
 * @param minShare of the traffic; what is smaller is left out
 */
export function findNewCohorts(
  traffic: Counts,
  sources: readonly CohortSource[],
  minShare: number,
): NewCohort[] {
  const total = [...traffic.values()].reduce((sum, traces) => sum + traces, 0)
  return [...traffic]
    .flatMap(([cohort, traces]): NewCohort[] => {
      const absentFrom = sources.filter(({ rows }) => !rows.get(cohort)).map(({ name }) => name)
      const share = traces / total
      if (absentFrom.length === 0 || traces === 0 || share < minShare) return []
      const sentence = `${percent(share)} of traffic is \`${cohort}\`, absent from ${absentFrom.join(' and ')}`
      return [{ cohort, traces, share, ...wilsonBounds(traces, total, ALPHA), absentFrom, sentence }]
    })
    .toSorted((a, b) => b.traces - a.traces || a.cohort.localeCompare(b.cohort))
}
