/** Inverse document frequency over the texts of one row: how much a stem tells about which text it came from. */
export interface Idf {
  /** Weight of a stem, above 0; a stem that no text has weighs most. */
  weight(stem: string): number
  has(stem: string): boolean
  texts: number
}

/**
 * `ln(1 + (N − n + 0.5) / (n + 0.5))`, n = texts with the stem: the BM25 form, never negative
 * (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond", eq. 3.3 as in Lucene).
 */
export function idfOf(texts: readonly (readonly string[])[]): Idf {
  const counts = new Map<string, number>()
  for (const stems of texts) for (const stem of new Set(stems)) counts.set(stem, (counts.get(stem) ?? 0) + 1)
  const total = texts.length
  return {
    weight(stem) {
      const n = counts.get(stem) ?? 0
      return Math.log(1 + (total - n + 0.5) / (n + 0.5))
    },
    has: (stem) => counts.has(stem),
    texts: total,
  }
}

/** Share, by weight, of the distinct `wanted` stems that `has` holds. 1 when nothing is wanted. */
export function weightedCoverage(wanted: Iterable<string>, has: (stem: string) => boolean, idf: Idf): number {
  let sum = 0
  let covered = 0
  for (const stem of new Set(wanted)) {
    const weight = idf.weight(stem)
    sum += weight
    if (has(stem)) covered += weight
  }
  return sum === 0 ? 1 : covered / sum
}
