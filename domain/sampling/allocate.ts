/**
 * How many traces (one a gateway call) to take of each cohort: everyone's floor first (or all it has), the rest in proportion to what is
 * left, by largest remainders. The sum is `size`, or all there is. A sample too small for every floor lowers it.
 *
 * @param counts traces a cohort in the window
 */
export function allocate(
  counts: Record<string, number>,
  size: number,
  floor: number,
): Record<string, number> {
  const cohorts = Object.keys(counts).toSorted()
  const total = cohorts.reduce((sum, cohort) => sum + counts[cohort]!, 0)
  const wanted = Math.min(size, total)
  const atFloor = (level: number) =>
    cohorts.reduce((sum, cohort) => sum + Math.min(counts[cohort]!, level), 0)
  let evenFloor = floor
  while (evenFloor > 0 && atFloor(evenFloor) > wanted) evenFloor -= 1
  const taken = Object.fromEntries(cohorts.map((cohort) => [cohort, Math.min(counts[cohort]!, evenFloor)]))
  let rest = wanted - Object.values(taken).reduce((sum, n) => sum + n, 0)
  const left = (cohort: string) => counts[cohort]! - taken[cohort]!
  const spare = cohorts.reduce((sum, cohort) => sum + left(cohort), 0)
  const shares = cohorts.map((cohort) => ({ cohort, share: spare === 0 ? 0 : (rest * left(cohort)) / spare }))
  for (const { cohort, share } of shares) {
    taken[cohort]! += Math.floor(share)
    rest -= Math.floor(share)
  }
  const byRemainder = shares.toSorted(
    (a, b) => (b.share % 1) - (a.share % 1) || a.cohort.localeCompare(b.cohort),
  )
  for (const { cohort } of byRemainder) {
    if (rest === 0) break
    if (left(cohort) === 0) continue
    taken[cohort]! += 1
    rest -= 1
  }
  return taken
}
