import { find } from 'linkifyjs'
import type { PiiSpan } from '../kinds.ts'

/**
 * The e-mail pattern of the HTML standard (https://html.spec.whatwg.org/#valid-e-mail-address) with at least one dot in
 * the domain: for addresses at top-level domains that are nobody's, such as `.corp` or `.example`.
 */
const ADDRESS =
  /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+/gi

/** E-mail addresses, by linkify's scanner (it knows the top-level domains and international names) and the pattern. */
export function detectEmails(text: string): PiiSpan[] {
  if (!text.includes('@')) return []
  const spans = find(text, 'email').map(({ start, end }) => ({ start, end }))
  for (const match of text.matchAll(ADDRESS))
    spans.push({ start: match.index, end: match.index + match[0].length })
  return spans.map((span) => ({ kind: 'EMAIL', ...span }))
}
