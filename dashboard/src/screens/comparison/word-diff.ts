/** A piece of two texts: in both, or in one of them alone. */
export interface Piece {
  text: string
  in: 'both' | 'other' | 'this'
}

/** Of the shorter text's words. */
const LEAST_COMMON = 0.25
/** Longer texts are shown without marks: the table has a cell for each pair of words. */
const MAX_WORDS = 600

/**
 * What the one text has and the other has not, word by word: a longest common subsequence of words, each with the space
 * before it. Null where a text is too long, or where so little is common that marks would only be in the way.
 */
export function wordDiff(other: string, own: string): Piece[] | null {
  const [a, b] = [wordsOf(other), wordsOf(own)]
  if (a.length > MAX_WORDS || b.length > MAX_WORDS) return null
  const lengths = lcsLengths(a, b)
  if (lengths[0]![0]! < LEAST_COMMON * Math.min(a.length, b.length)) return null
  const pieces: Piece[] = []
  const add = (text: string, where: Piece['in']) => {
    const last = pieces.at(-1)
    if (last?.in === where) last.text += text
    else pieces.push({ text, in: where })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add(a[i]!, 'both')
      i += 1
      j += 1
    } else if (j === b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!))
      add(a[i++]!, 'other')
    else add(b[j++]!, 'this')
  }
  return pieces
}

function wordsOf(text: string): string[] {
  return text.match(/\s*\S+|\s+$/g) ?? []
}

/** `lengths[i][j]`: of the longest common subsequence of `a` from i on and `b` from j on. */
function lcsLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
  return lengths
}
