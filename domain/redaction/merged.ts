import type { PiiSpan } from './kinds.ts'

/** Findings of one kind in order; those that overlap become one. */
export function merged(found: readonly PiiSpan[]): PiiSpan[] {
  const result: PiiSpan[] = []
  for (const span of found.toSorted((a, b) => a.start - b.start)) {
    const last = result.at(-1)
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end)
    else result.push({ ...span })
  }
  return result
}
