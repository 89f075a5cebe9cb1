import { shortRef } from '../ref.ts'
import { points } from './gate.ts'
import type { RegressionLine } from './regression-lines.ts'

/** What a passing candidate is told. */
export function praise(overall: readonly RegressionLine[], production: string): string {
  const parts = overall.map(({ metric, difference }) => `${metric} ${points(difference)}`)
  return `No worse than ${shortRef(production)} on the same ${overall[0]!.n} rows: ${parts.join(', ')}; no cohort regressed.`
}

/** A line that decides, without its end. */
export function describe(line: RegressionLine): string {
  const { metric, cohort, n, difference, outcome, suspicious } = line
  const what = `${metric}${cohort === null ? '' : ` of ${cohort}`}`
  if (n === 0) return `${what} has no rows in common with production`
  const seen = `${what} is ${points(difference)} on ${n} rows`
  if (suspicious) return `${seen}, which is ${LEAK}`
  return outcome === 'inconclusive' ? `${seen}: ${doubt(line)}` : seen
}

const LEAK =
  'more than a better model is likely to gain: likely leak, check for training rows in the golden set'

/** The same as a remark, of a gate that does not stop for it. */
export function leakRemark(lines: readonly RegressionLine[]): string {
  const gains = lines.map(({ metric, difference }) => `${metric} ${points(difference)}`)
  return `${gains.join(', ')} is ${LEAK}.`
}

/** Why it can't be told, and what would tell. */
function doubt({ margin, moreRows, rowsNeeded, n }: RegressionLine): string {
  if (moreRows !== null && moreRows > 0)
    return `not enough to tell, needs about ${rounded(moreRows)} more rows to see a ${change(margin)} change`
  if (rowsNeeded !== null && rowsNeeded > n) return `not enough to tell, about ${rowsNeeded} rows would be`
  return 'not enough to tell, since it lies so near the margin'
}

/** Two digits: the number is an estimate. */
function rounded(rows: number): string {
  return String(Number(rows.toPrecision(2)))
}

function change(margin: number): string {
  return `${Number((margin * 100).toFixed(1))}-point`
}
