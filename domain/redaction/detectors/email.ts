import { find } from 'linkifyjs'
import type { PiiSpan } from '../kinds.ts'

/** E-mail addresses, by linkify's scanner (it knows the top-level domains). */
export function detectEmails(text: string): PiiSpan[] {
  if (!text.includes('@')) return []
  return find(text, 'email').map(({ start, end }) => ({ kind: 'EMAIL', start, end }))
}
