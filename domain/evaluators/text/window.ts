/** Where each stem occurs in a text's list of stems. */
export type Positions = ReadonlyMap<string, readonly number[]>

export function positionsOf(stems: readonly string[]): Positions {
  const positions = new Map<string, number[]>()
  stems.forEach((stem, at) => {
    const list = positions.get(stem)
    if (list) list.push(at)
    else positions.set(stem, [at])
  })
  return positions
}

/** A stem that fills a text ("the order" in every line) tells nothing of the place, and would make the search slow. */
const MAX_OCCURRENCES = 2000

/**
 * The stretch of `width` stems with the most weight of distinct `wanted` stems, first one on a tie: `[from, to)`.
 * Two pointers over the places where a wanted stem occurs; undefined when none does.
 */
export function bestWindow(
  wanted: Iterable<string>,
  positions: Positions,
  width: number,
  weight: (stem: string) => number,
): { from: number; to: number } | undefined {
  const places: { at: number; stem: string }[] = []
  for (const stem of new Set(wanted)) {
    for (const at of positions.get(stem)?.slice(0, MAX_OCCURRENCES) ?? []) places.push({ at, stem })
  }
  places.sort((a, b) => a.at - b.at)
  const inside = new Map<string, number>()
  let best: { from: number; to: number } | undefined
  let bestWeight = 0
  let sum = 0
  let left = 0
  for (const place of places) {
    const count = inside.get(place.stem) ?? 0
    if (count === 0) sum += weight(place.stem)
    inside.set(place.stem, count + 1)
    for (let first = places[left]; first && place.at - first.at >= width; first = places[++left]) {
      const remaining = (inside.get(first.stem) ?? 1) - 1
      inside.set(first.stem, remaining)
      if (remaining === 0) sum -= weight(first.stem)
    }
    if (sum > bestWeight + 1e-9) {
      bestWeight = sum
      best = { from: places[left]?.at ?? place.at, to: place.at + 1 }
    }
  }
  return best
}
