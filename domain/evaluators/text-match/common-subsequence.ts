/** Length of the longest common subsequence of two sequences; time in the product of their lengths, memory in one. */
export function commonSubsequenceLength(a: readonly string[], b: readonly string[]): number {
  let previous = new Uint32Array(b.length + 1)
  for (const item of a) {
    const row = new Uint32Array(b.length + 1)
    for (let j = 1; j <= b.length; j++)
      row[j] = item === b[j - 1] ? (previous[j - 1] ?? 0) + 1 : Math.max(previous[j] ?? 0, row[j - 1] ?? 0)
    previous = row
  }
  return previous[b.length] ?? 0
}

/**
 * Places in `a` of one longest common subsequence with `b`; of several, the one that Google's `rouge_score` takes: from
 * the end, stay in `a` only where that is strictly longer. Memory in the product of the lengths.
 */
export function commonSubsequencePlaces(a: readonly string[], b: readonly string[]): number[] {
  const width = b.length + 1
  const table = new Uint16Array((a.length + 1) * width)
  const at = (i: number, j: number) => table[i * width + j] ?? 0
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      table[i * width + j] =
        a[i - 1] === b[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1))
  const places: number[] = []
  for (let i = a.length, j = b.length; i > 0 && j > 0;) {
    if (a[i - 1] === b[j - 1]) {
      places.push(i - 1)
      i--
      j--
    } else if (at(i, j - 1) > at(i - 1, j)) j--
    else i--
  }
  return places.toReversed()
}
