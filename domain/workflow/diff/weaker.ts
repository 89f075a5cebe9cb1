import type { Json } from '../../json.ts'
import { isEqual } from './change.ts'
import type { Strictness } from './strictness.ts'

/** Why a parameter has become looser; null when it has not. */
export function whyWeaker(
  strictness: Strictness,
  before: Json | undefined,
  after: Json | undefined,
): string | null {
  if (isEqual(before, after) || strictness.stricter === 'neutral') return null
  if (strictness.stricter === 'either') return 'any change of it eases one part of the check'
  if (before === undefined || before === null) return null
  if (after === undefined || after === null) return 'without it nothing is demanded'
  switch (strictness.stricter) {
    case 'higher':
      return Number(after) < Number(before) ? 'it was lowered, and more gets through' : null
    case 'lower':
      return Number(after) > Number(before) ? 'it was raised, and more gets through' : null
    case 'order':
      return strictness.order.indexOf(after as string) < strictness.order.indexOf(before as string)
        ? `${String(after)} is looser than ${String(before)}`
        : null
    case 'present':
      return null
    case 'more':
      return lost(before, after, 'is no longer looked at', 'are no longer looked at')
    case 'fewer':
      return lost(after, before, 'is allowed now', 'are allowed now')
  }
}

function lost(from: Json, to: Json, one: string, many: string): string | null {
  const there = new Set(entries(to))
  const missing = entries(from).filter((entry) => !there.has(entry))
  return missing.length === 0 ? null : `${missing.join(', ')} ${missing.length === 1 ? one : many}`
}

function entries(list: Json): string[] {
  return Array.isArray(list) ? list.map(String) : []
}
