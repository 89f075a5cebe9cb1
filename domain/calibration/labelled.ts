/** The score of a row, and whether people found it good. */
export interface LabelledScore {
  /** In [0, 1]. */
  score: number
  good: boolean
  cohort?: string
}

/** Fewest labelled rows, and fewest of them that are good and that are bad: fewer fit chance. */
export const MIN_LABELS = 20
export const MIN_OF_EACH = 5
/** Most labelled rows: a bootstrap of more takes seconds, and tells nothing new. */
export const MAX_LABELS = 10_000
/** Fewest labelled rows of a cohort that gets a threshold of its own. */
export const MIN_COHORT_LABELS = 50

/** Why rows are too few, too many or too alike to calibrate by. */
export function labelsProblem(rows: readonly LabelledScore[]): string | undefined {
  const good = rows.filter((row) => row.good).length
  const bad = rows.length - good
  if (rows.length < MIN_LABELS)
    return `at least ${MIN_LABELS} labelled rows with a score are needed; there are ${rows.length}`
  if (rows.length > MAX_LABELS)
    return `at most ${MAX_LABELS} labelled rows are taken; there are ${rows.length}: send a random part of them`
  if (Math.min(good, bad) < MIN_OF_EACH)
    return `at least ${MIN_OF_EACH} good and ${MIN_OF_EACH} bad rows are needed; of ${rows.length} there are ${good} good and ${bad} bad`
  return undefined
}

/** By score, then bad before good: what follows does not depend on the order in which labels came. */
export function sorted(rows: readonly LabelledScore[]): LabelledScore[] {
  return rows.toSorted((a, b) => a.score - b.score || Number(a.good) - Number(b.good))
}
