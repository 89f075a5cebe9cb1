import { seededIndex } from '../statistics/random.ts'
import type { LabelledScore } from './labelled.ts'
import { bestThreshold } from './threshold.ts'

export const FOLDS = 5

/**
 * What each row is taken for by the threshold that fits the other folds best: how a threshold does on rows that did not
 * choose it (Kohavi 1995, IJCAI 14:1137). Folds have as many good and bad rows each, as far as that goes.
 *
 * @param rows by score, ascending, at least FOLDS of them good and FOLDS bad
 */
export function crossValidated(rows: readonly LabelledScore[], seed: number): boolean[] {
  const fold = foldsOf(rows, seed)
  const thresholds = Array.from({ length: FOLDS }, (_, held) =>
    bestThreshold(rows.filter((_row, index) => fold[index] !== held)),
  )
  return rows.map(({ score }, index) => score >= thresholds[fold[index]!]!)
}

function foldsOf(rows: readonly LabelledScore[], seed: number): number[] {
  const draw = seededIndex(seed)
  const fold = Array.from<number>({ length: rows.length })
  for (const kind of [true, false]) {
    const indices = rows.flatMap(({ good }, index) => (good === kind ? [index] : []))
    for (let last = indices.length - 1; last > 0; last--) {
      const other = draw(last + 1)
      const [a, b] = [indices[last]!, indices[other]!]
      indices[last] = b
      indices[other] = a
    }
    for (const [place, index] of indices.entries()) fold[index] = place % FOLDS
  }
  return fold
}
