/** Distinct character n-grams of a text's lower-case words, each word padded with a space on both sides. */
export function charNgrams(words: Iterable<string>, n: number): Set<string> {
  const grams = new Set<string>()
  for (const word of words) {
    const padded = ` ${word} `
    for (let i = 0; i + n <= padded.length; i++) grams.add(padded.slice(i, i + n))
  }
  return grams
}

/** Pairs of neighbours, for bigram precision. */
export function bigrams(stems: readonly string[]): string[] {
  const pairs: string[] = []
  for (let i = 1; i < stems.length; i++) pairs.push(`${stems[i - 1]} ${stems[i]}`)
  return pairs
}

/** Share of `wanted` that `has` contains; `empty` when nothing is wanted. */
export function coverage(wanted: Iterable<string>, has: ReadonlySet<string>, empty = 1): number {
  let count = 0
  let covered = 0
  for (const item of wanted) {
    count++
    if (has.has(item)) covered++
  }
  return count === 0 ? empty : covered / count
}
