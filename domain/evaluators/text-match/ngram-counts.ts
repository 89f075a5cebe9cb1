/** How often each n-gram of a sequence occurs: items `[i, i + n)`, joined by `glue`, which no item holds. */
export function ngramCounts(items: readonly string[], n: number, glue: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (let i = 0; i + n <= items.length; i++) {
    const ngram = n === 1 ? (items[i] ?? '') : items.slice(i, i + n).join(glue)
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1)
  }
  return counts
}

/** Size of the intersection of two multisets: each n-gram as often as both have it. */
export function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let matches = 0
  for (const [ngram, count] of a) matches += Math.min(count, b.get(ngram) ?? 0)
  return matches
}
