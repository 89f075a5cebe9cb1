import type { PiiSpan } from '../kinds.ts'

const LOCAL = /[\p{L}\p{N}._%+'-]/u
const DOMAIN = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}/u
/** `jane (at) example (dot) com`, and the same in square or curly brackets. */
const SPELLED =
  /[\p{L}\p{N}._%+-]{2,40} ?[([{] ?at ?[)\]}] ?[\p{L}\p{N}-]{2,40} ?(?:\.|[([{] ?dot ?[)\]}]) ?\p{L}{2,10}/giu

/** E-mail addresses, by walking both ways from each `@`; any top-level domain counts. */
export function residualEmails(text: string): PiiSpan[] {
  const found: PiiSpan[] = []
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    let start = at
    while (start > 0 && at - start < 64 && LOCAL.test(text[start - 1] ?? '')) start--
    const domain = DOMAIN.exec(text.slice(at + 1, at + 200))?.[0]
    if (start < at && domain) found.push({ kind: 'EMAIL', start, end: at + 1 + domain.length })
  }
  if (/[([{] ?at ?[)\]}]/i.test(text)) {
    for (const match of text.matchAll(SPELLED))
      found.push({ kind: 'EMAIL', start: match.index, end: match.index + match[0].length })
  }
  return found
}

const INTERNATIONAL = /(?<![\w+])(?:\+|00)[1-9]\d{0,2}(?:[ ./()-]{0,2}\d){6,13}(?!\d)/g
const NORTH_AMERICAN = /(?<![\w.,-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\w-])/g
const NAMED =
  /\b(?:phone|mobile|cell|tel|telephone|whatsapp|call me(?: back)?|reach me|text me|fax)(?: ?(?:no|number|nr)\b\.?)?(?: (?:is|on|at|under))?[:. ]{0,3}(\+?\d(?:[ ./()-]{0,2}\d){6,14})(?![\w-]|[.,]\d)/gi

/** Phone numbers, by the grammar of how they are written; no numbering plan is asked. */
export function residualPhones(text: string): PiiSpan[] {
  if (!/\d{2}/.test(text)) return []
  const found: PiiSpan[] = []
  for (const pattern of [INTERNATIONAL, NORTH_AMERICAN]) {
    for (const match of text.matchAll(pattern))
      found.push({ kind: 'PHONE', start: match.index, end: match.index + match[0].length })
  }
  for (const match of text.matchAll(NAMED)) {
    const end = match.index + match[0].length
    if (!/^\d{4}-\d{2}-\d{2}/.test(match[1] ?? ''))
      found.push({ kind: 'PHONE', start: end - (match[1]?.length ?? 0), end })
  }
  return found
}

const V6 = /(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi

/** IP addresses: four numbers up to 255, and whatever the platform's URL parser takes for an IPv6 host (WHATWG URL). */
export function residualIps(text: string): PiiSpan[] {
  const found: PiiSpan[] = []
  for (const match of text.matchAll(/(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w-]|\.\d)/g)) {
    const named = /\b(?:v(?:ersion)?|release|build|firmware|driver|app)[.:]? ?$/i.test(
      text.slice(Math.max(0, match.index - 12), match.index),
    )
    if (!named && match[0].split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part)) {
      found.push({ kind: 'IP', start: match.index, end: match.index + match[0].length })
    }
  }
  if (!text.includes(':')) return found
  for (const match of text.matchAll(V6)) {
    if (match[0].length > 6 && URL.canParse(`http://[${match[0]}]/`))
      found.push({ kind: 'IP', start: match.index, end: match.index + match[0].length })
  }
  return found
}
