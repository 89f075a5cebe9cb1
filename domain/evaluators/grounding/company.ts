import type { Positions } from '../text/window.ts'
import type { SourceIndex } from './source-index.ts'

/** Neighbours of the claim stand in the source at most so many terms apart. */
const ADJACENT = 3
/** A term's company: so many terms to either side in the claim, looked for within so many in the source. */
const COMPANY = 3
const COMPANY_NEAR = 8
/** In a shorter claim every term has all the company there is. */
const MIN_COMPANY = 3
/** Occurrences of a term that its company is looked for at. */
const MAX_OCCURRENCES = 50

/** Share of a claim's neighbouring terms that are neighbours in the source too, half when turned round. */
export function adjacencyOf(stems: readonly string[], positions: Positions): number {
  if (stems.length < 2) return positions.has(stems[0] ?? '') ? 1 : 0
  let sum = 0
  for (let i = 1; i < stems.length; i++)
    sum += neighbours(positions.get(stems[i - 1] ?? ''), positions.get(stems[i] ?? ''))
  return sum / (stems.length - 1)
}

/** 1 when some place of `first` has one of `second` close behind it, 1/2 when only close before it. */
function neighbours(first: readonly number[] = [], second: readonly number[] = []): number {
  let turned = 0
  for (let i = 0, j = 0; i < first.length && j < second.length;) {
    const distance = second[j]! - first[i]!
    if (distance > 0 && distance <= ADJACENT) return 1
    if (distance < 0 && distance >= -ADJACENT) turned = 0.5
    if (distance > 0) i++
    else j++
  }
  return turned
}

/** The lowest share, by weight, of a term's company that stands about one of its places; undefined without company. */
export function placementOf(
  stems: readonly string[],
  { stems: source, positions, idf }: SourceIndex,
): number | undefined {
  if (stems.length < MIN_COMPANY) return 1
  let worst: number | undefined
  stems.forEach((stem, at) => {
    const places = positions.get(stem)
    if (!places) return
    const company = new Map<string, number>()
    let whole = 0
    for (const other of stems.slice(Math.max(0, at - COMPANY), at + COMPANY + 1)) {
      if (other === stem || company.has(other) || !positions.has(other)) continue
      const weight = idf.weight(other)
      company.set(other, weight)
      whole += weight
    }
    if (company.size === 0) return
    let best = 0
    for (const place of places.slice(0, MAX_OCCURRENCES)) {
      const met = new Set<string>()
      let sum = 0
      for (let i = Math.max(0, place - COMPANY_NEAR); i <= place + COMPANY_NEAR && i < source.length; i++) {
        const other = source[i]!
        const weight = company.get(other)
        if (weight === undefined || met.has(other)) continue
        met.add(other)
        sum += weight
      }
      best = Math.max(best, sum / whole)
      if (met.size === company.size) break
    }
    worst = Math.min(worst ?? 1, best)
  })
  return worst
}
