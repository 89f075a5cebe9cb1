import type { PiiSpan } from '../kinds.ts'
import { type Part, STREET, addressParts } from './address-parts.ts'
import { isEnglish } from './word-lists.ts'

/** A house number with words behind it, or words with one behind them. */
const START =
  /(?<![\p{L}\p{M}\p{N}.,:#€$£%/-])(?:(?:P\.? ?O\.? )?(?:\p{Lu}[\p{L}\p{M}'’.-]{0,24} ){1,3}\d{1,6}|\d{1,6})(?=[a-zA-Z]?(?:[ ,.]|$))/gu
const LOWER_START = /(?<![\p{L}\p{M}\p{N}.,:#€$£%/-])\d{1,6}(?= \p{Ll})/gu

/** Words before an address. */
const CUE =
  /(?:(?<!\p{L})(?:address(?:es)?(?: (?:of|for|to|with|is)[^\n.:]{0,40}?)?(?: is|:|=| to| with|\?)?(?: it(?: is|[’']s))?|live[sd]? (?:at|in|on)|located (?:at|on|in)|(?:send|sent|ship|shipped|deliver|delivered)(?: \p{L}+){0,4} to\??(?: \p{L}+:)?|(?:is|are|me|us|you) (?:at|on|to|in)|return to|moved to|(?:go|went|ride|cab|taxi) to))\s{0,8}$/iu

/** Of the points below: a house number with words, and a town and a number behind them, are too little. */
const DUE = 3
const DUE_UNMARKED = 4

/**
 * Addresses in any order and over several lines: a house number and words, then flats, towns, states, postal codes and
 * countries in one run. Each sort of part counts; what has too few of them is no address. Ends at the last that counts.
 */
export function addressBlocks(text: string): PiiSpan[] {
  const lower = !/\p{Lu}/u.test(text)
  const start = lower ? LOWER_START : START
  const found: PiiSpan[] = []
  start.lastIndex = 0
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const from = match.index + commonOpening(match[0])
    const end = blockEnd(text, from, lower)
    if (end !== undefined) {
      found.push({ kind: 'ADDRESS', start: from, end })
      start.lastIndex = end
    } else start.lastIndex = match.index + (/^[^ ]*/.exec(match[0])?.[0].length ?? 1)
  }
  return found
}

/** Length of the common words before the house number: "Please 12 Elm Street". */
function commonOpening(start: string): number {
  let at = 0
  for (const word of start.split(' ').slice(0, -1)) {
    if (!isEnglish(word.toLowerCase()) || STREET.test(word)) break
    at += word.length + 1
  }
  return at
}

/** Where the address that begins at `from` ends; undefined when there is none. */
function blockEnd(text: string, from: number, lower: boolean): number | undefined {
  const all = addressParts(text, from, lower)
  const parts = all.slice(0, all.findLastIndex(({ kind }) => !/[WT]/.test(kind)) + 1)
  const shape = parts.map((part) => (part.parted ? ',' : '') + letterOf(part)).join('')
  const housed =
    /[NZ][WXT]*[XT]|[XT][WXT]*[NZ]/.test(shape) ||
    (/[TU]/.test(shape) && /Y[WXT]*[XT]|[XT][WXT]*Y/.test(shape))
  if (!housed) return undefined
  const cued = CUE.test(text.slice(Math.max(0, from - 70), from))
  const marked = cued || /[UTCP]/.test(shape)
  const due = (marked ? DUE : DUE_UNMARKED) + (lower ? 1 : 0)
  return pointsOf(shape) + (cued ? 2 : 0) >= due ? parts.at(-1)?.end : undefined
}

const POINTS: readonly [sort: RegExp, points: number][] = [
  [/U/, 2],
  [/T/, 2],
  [/C/, 2],
  [/P/, 2],
  [/S/, 1],
  // a number on both sides of the street
  [/[NZ][WXT]+[NZ]/, 1],
  // a town
  [/[NZYWXTU],[WXT]/, 1],
  // a postal code: behind a town, or before one
  [/[,UNZ].*[WXTSC],?[ZY]|[WXT][NZ],[ZY]/, 1],
]

function pointsOf(shape: string): number {
  return POINTS.reduce((sum, [sort, points]) => sum + (sort.test(shape) ? points : 0), 0)
}

/** A part's letter in the shape, `X` for a word that English has not: "Type 4500 Class 12, USA" is no address. */
function letterOf({ kind, text }: Part): Part['kind'] | 'X' {
  const listed = () => isEnglish(text.toLowerCase().replace(/[.'’]+$/, ''))
  return kind === 'W' && text.length > 3 && !listed() ? 'X' : kind
}
