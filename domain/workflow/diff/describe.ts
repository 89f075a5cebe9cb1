import type { Json } from '../../json.ts'
import type { Change } from './change.ts'

/** Longest value that is shown whole. */
const MAX_SHOWN = 60

/** A change in one line, for people. */
export function describeChange({ at, kind, before, after, reason }: Change): string {
  const why = reason === null ? '' : `: ${reason}`
  if (kind === 'added') return `${at} is new${shown(after, ', ')}${why}`
  if (kind === 'removed') return `${at} is gone${shown(before, ', it was ')}${why}`
  return `${at} went from ${JSON.stringify(before)} to ${JSON.stringify(after)}${why}`
}

/** Weakenings that one sentence names. */
const MAX_NAMED = 20

/** What got weaker, in one sentence for the audit log; null when nothing did. */
export function describeWeaker(changes: readonly Change[]): string | null {
  const weaker = changes.filter((change) => change.weaker).map(describeChange)
  if (weaker.length === 0) return null
  const more = weaker.length > MAX_NAMED ? `; and ${weaker.length - MAX_NAMED} more` : ''
  return `${weaker.slice(0, MAX_NAMED).join('; ')}${more}.`
}

/** A group of values says little in a line. */
function shown(value: Json, before: string): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return ''
  const text = JSON.stringify(value)
  return text.length > MAX_SHOWN ? '' : `${before}${text}`
}
