import type { Bounded, ExampleTrace } from './state.ts'

/** Evidence and changes of status that an incident keeps; the audit log and the sweeps have all of them. */
export const MAX_EVIDENCE = 20
export const MAX_CHANGES = 50
/** Examples that an incident keeps: as many as a person looks at. */
export const MAX_EXAMPLES = 10

/** Appends, and keeps the first, which says how it began, and the newest `max - 1`. */
export function append<T>({ kept, dropped }: Bounded<T>, item: T, max: number): Bounded<T> {
  if (kept.length < max) return { kept: [...kept, item], dropped }
  return { kept: [kept[0]!, ...kept.slice(2), item], dropped: dropped + 1 }
}

/**
 * The worst examples of both lists, each call once by its lowest score. In whatever order sweeps bring them, the same
 * ones stay.
 */
export function worstOf(some: readonly ExampleTrace[], more: readonly ExampleTrace[]): ExampleTrace[] {
  const worst = new Map<string, ExampleTrace>()
  for (const example of [...some, ...more].toSorted(byScore)) {
    const key = `${example.traceId}/${example.spanId}`
    if (!worst.has(key)) worst.set(key, example)
  }
  return [...worst.values()].slice(0, MAX_EXAMPLES)
}

function byScore(a: ExampleTrace, b: ExampleTrace): number {
  const score = ({ score }: ExampleTrace) => score ?? Number.POSITIVE_INFINITY
  const text = ({ traceId, spanId, metric = '' }: ExampleTrace) => `${traceId}/${spanId}/${metric}`
  // Infinity less itself is not a number: equal scores are compared by name.
  if (score(a) !== score(b)) return score(a) < score(b) ? -1 : 1
  return text(a) < text(b) ? -1 : Number(text(a) > text(b))
}
