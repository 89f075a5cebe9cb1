import { splitOf } from '../../../domain/dataset/split.ts'
import type { DatasetRow } from '../../../domain/dataset/row.ts'
import type { Transcript } from '../../../domain/dataset/transcript.ts'
import { cohortSequence, createCase } from './case.ts'
import { createRandom } from './random.ts'

export interface GenerateOptions {
  seed: number
  rows: number
  /** Share of rows that become golden, by a hash of their id; the others are for training. Without it rows have no split. */
  goldenShare?: number
}

/**
 * Seeded support transcripts: six product areas (the rows' cohorts), customers who write in many ways and leave personal
 * data in their messages, and the knowledge that the expected reply is drawn from. The data is a `Transcript`.
 *
 * @example generateTranscripts({ seed: 1, rows: 2000, goldenShare: 0.45 })
 */
export function generateTranscripts({ seed, rows, goldenShare }: GenerateOptions): DatasetRow[] {
  const random = createRandom(seed)
  const cohorts = cohortSequence(random)
  return Array.from({ length: rows }, (_, at) => {
    const id = `support-${seed}-${String(at + 1).padStart(5, '0')}`
    const cohort = cohorts.next().value
    const data: Transcript = {
      ...(goldenShare === undefined ? {} : { split: splitOf(id, goldenShare) }),
      ...createCase(cohort, random),
    }
    return { id, cohort: cohort.name, data: data as DatasetRow['data'] }
  })
}
