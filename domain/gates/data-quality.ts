import * as z from 'zod'
import type { DatasetProfile } from '../dataset/profile.ts'
import { excess, judge, onInconclusive, percent, type Gate } from './gate.ts'

const Params = z.strictObject({
  minRows: z.number().int().min(1).default(1),
  /** Largest share of rows that repeat another row's content. */
  maxDuplicates: z.number().min(0).max(1).default(0.05),
  /** Largest share of rows that lack a required field. */
  maxMissing: z.number().min(0).max(1).default(0),
  /** Largest share that the most frequent label may have: of the source, which the rows are a sample of. */
  maxLabelShare: z.number().min(0).max(1).default(0.6),
  minCohortRows: z.number().int().min(0).default(1),
  onInconclusive,
})

/** Schema, missing fields, duplicates, row count and label balance of the dataset that the stage made. */
export const dataQuality: Gate<z.infer<typeof Params>, DatasetProfile> = {
  name: 'data-quality',
  stages: ['ingest', 'clean', 'features'],
  params: Params,
  evaluate(params, profile) {
    const duplicates = profile.duplicates / Math.max(1, profile.rows)
    const missing = profile.missing / Math.max(1, profile.rows)
    const [topLabel = '', topCount = 0] =
      Object.entries(profile.labels).toSorted((a, b) => b[1] - a[1])[0] ?? []
    const labelShare = topCount / Math.max(1, profile.rows)
    const [thinCohort = '', thinRows = 0] =
      Object.entries(profile.cohorts).toSorted((a, b) => a[1] - b[1])[0] ?? []
    const faults = [
      profile.rows < params.minRows && `${profile.rows} rows are fewer than ${params.minRows}`,
      duplicates > params.maxDuplicates && `${percent(duplicates)} of the rows repeat others`,
      missing > params.maxMissing && `${percent(missing)} of the rows lack a required field`,
      excess(
        [topCount, profile.rows],
        params.maxLabelShare,
        (share) => `${share} of the rows have the label ${topLabel}`,
      ),
      thinRows < params.minCohortRows && `the cohort ${thinCohort} has only ${thinRows} rows`,
    ]
    return judge(
      faults,
      `${profile.rows} rows in ${Object.keys(profile.cohorts).length} cohorts, ${percent(duplicates)} repeated, none lacks a required field beyond ${percent(params.maxMissing)}.`,
      {
        ...profile,
        labels: Object.keys(profile.labels).length,
        topLabel,
        labelShare,
        thinCohort,
        thinRows,
      },
    )
  },
}
