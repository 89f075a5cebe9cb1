import type { LabelledScore } from './labelled.ts'

/**
 * Area under the ROC curve: the probability that a good row scores higher than a bad one, ties counted half (Hanley &
 * McNeil 1982, Radiology 143:29). NaN without rows of both.
 *
 * @param rows by score, ascending
 * @param weights how often each row counts; once when absent
 */
export function auroc(rows: readonly LabelledScore[], weights?: ArrayLike<number>): number {
  let [goods, bads, wins] = [0, 0, 0]
  for (let index = 0; index < rows.length;) {
    const { score } = rows[index]!
    let [goodHere, badHere] = [0, 0]
    for (; index < rows.length && rows[index]!.score === score; index++) {
      const weight = weights?.[index] ?? 1
      if (rows[index]!.good) goodHere += weight
      else badHere += weight
    }
    wins += goodHere * (bads + badHere / 2)
    goods += goodHere
    bads += badHere
  }
  return wins / (goods * bads)
}
