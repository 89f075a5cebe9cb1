import type { Shown } from './judge.ts'

/** The verdicts of a list that must have one of each passage, in order. */
export function gradesInOrder<V extends string>(
  graded: readonly { passage: number; verdict: V }[],
  { passages }: Shown,
): { verdicts: V[] } | { refused: string } {
  const count = (passages as unknown[]).length
  const isWhole = graded.length === count && graded.every(({ passage }, index) => passage === index)
  if (!isWhole)
    return { refused: `the field passages must grade the passages 0 to ${count - 1}, each once, in order` }
  return { verdicts: graded.map(({ verdict }) => verdict) }
}
