import type { PiiSpan } from '../kinds.ts'

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const V4 = new RegExp(`(?<![\\w.-])${OCTET}(?:\\.${OCTET}){3}(?![\\w-]|\\.\\d)`, 'g')
const V6 = /(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}(?:[0-9a-f]{1,4}|:)?(?::[0-9a-f]{1,4}){0,6}(?![\w:])/gi
/** `version 1.2.3.4` is none. */
const VERSION_WORD = /\b(?:version|release|build|firmware|driver|app|v)[:\s]{0,2}$/i

/** IP addresses, v4 and v6 (RFC 4291 text forms). Times such as 12:30:45 are told apart by the double colon or seven colons. */
export function detectIps(text: string): PiiSpan[] {
  const found: PiiSpan[] = []
  if (!/\d/.test(text)) return found
  for (const match of text.matchAll(V4)) {
    if (!VERSION_WORD.test(text.slice(Math.max(0, match.index - 12), match.index))) {
      found.push({ kind: 'IP', start: match.index, end: match.index + match[0].length })
    }
  }
  if (!text.includes(':')) return found
  for (const match of text.matchAll(V6)) {
    if (match[0].includes('::') || match[0].split(':').length === 8) {
      found.push({ kind: 'IP', start: match.index, end: match.index + match[0].length })
    }
  }
  return found
}
