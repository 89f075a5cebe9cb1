import type { LabelledScore } from './labelled.ts'

/**
 * The threshold that maximises balanced accuracy: a row is taken for good from it on. It lies in the middle between two
 * scores; of equally good ones that with most room around it wins, then the lowest.
 *
 * @param rows by score, ascending, with good and bad ones
 */
export function bestThreshold(rows: readonly LabelledScore[]): number {
  const goods = rows.filter(({ good }) => good).length
  const bads = rows.length - goods
  let [goodBelow, badBelow] = [0, 0]
  let best = { threshold: rows[0]!.score, gain: 0, room: 0 }
  for (const [index, { score, good }] of rows.entries()) {
    const before = rows[index - 1]?.score
    if (before !== undefined && score > before) {
      // Balanced accuracy is (1 + gain / (goods · bads)) / 2; whole numbers compare exactly.
      const gain = badBelow * goods - goodBelow * bads
      const room = score - before
      if (gain > best.gain || (gain === best.gain && room > best.room))
        best = { threshold: between(before, score), gain, room }
    }
    if (good) goodBelow += 1
    else badBelow += 1
  }
  return best.threshold
}

/** The middle, unless it is rounded down to the lower one, which does not pass. */
function between(lower: number, upper: number): number {
  const middle = (lower + upper) / 2
  return middle > lower ? middle : upper
}
