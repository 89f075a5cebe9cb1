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
  readonly #counts = { rows: 0, duplicates: 0, missing: 0 }
  /** Maps, since a cohort or label may have the name of something that objects inherit. */
  readonly #cohorts = new Map<string, number>()
  readonly #labels = new Map<string, number>()
  readonly #isComplete: (row: DatasetRow) => boolean

  constructor(isComplete: (row: DatasetRow) => boolean) {
    this.#isComplete = isComplete
  }

  add(row: DatasetRow, label: string | undefined): void {
    const content = contentHash(row.data).slice(0, 16)
    this.#counts.rows += 1
    if (this.#seen.has(content)) this.#counts.duplicates += 1
    this.#seen.add(content)
    if (!this.#isComplete(row)) this.#counts.missing += 1
    count(this.#cohorts, row.cohort ?? 'none')
    if (label !== undefined) count(this.#labels, label)
  }

  profile(): DatasetProfile {
    return {
      ...this.#counts,
      cohorts: Object.fromEntries(this.#cohorts),
      labels: Object.fromEntries(this.#labels),
    }
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
