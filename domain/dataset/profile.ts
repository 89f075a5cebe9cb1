import type { DatasetRow } from './row.ts'
import { contentHash } from '../hash.ts'

/** Counts that tell whether a dataset is fit to train and to judge on. */
export interface DatasetProfile {
  rows: number
  /** Rows whose content, apart from the id, stands in another row too. */
  duplicates: number
  /** Rows that lack a required field. */
  missing: number
  cohorts: Record<string, number>
  labels: Record<string, number>
}

/** Collects a profile row by row, in memory that grows with the number of rows by a hash each. */
export class Profiler {
  readonly #seen = new Set<string>()
  readonly #profile: DatasetProfile = { rows: 0, duplicates: 0, missing: 0, cohorts: {}, labels: {} }
  readonly #isComplete: (row: DatasetRow) => boolean

  constructor(isComplete: (row: DatasetRow) => boolean) {
    this.#isComplete = isComplete
  }

  add(row: DatasetRow, label: string | undefined): void {
    const profile = this.#profile
    const content = contentHash(row.data).slice(0, 16)
    profile.rows += 1
    if (this.#seen.has(content)) profile.duplicates += 1
    this.#seen.add(content)
    if (!this.#isComplete(row)) profile.missing += 1
    const cohort = row.cohort ?? 'none'
    profile.cohorts[cohort] = (profile.cohorts[cohort] ?? 0) + 1
    if (label !== undefined) profile.labels[label] = (profile.labels[label] ?? 0) + 1
  }

  profile(): DatasetProfile {
    return this.#profile
  }
}
