import type { PiiSpan } from '../kinds.ts'
import { fold, isEnglish, wordLists } from './word-lists.ts'

const PAIR =
  /(?<![\p{L}\p{M}\p{N}_@.'’-])(\p{Ll}[\p{Ll}\p{M}]{2,19})( (?:\p{Ll}\.? )?)(\p{Ll}[\p{Ll}\p{M}'’-]{3,24})(?![\p{L}\p{M}\p{N}_@]|\.\p{L})/gu
const LIST =
  /(?<![\p{L}\p{M}\p{N}_@-])\p{Ll}[\p{Ll}\p{M}'’-]{2,19}(?:, \p{Ll}[\p{Ll}\p{M}'’-]{2,19}){1,20},? (?:and|or|&) \p{Ll}[\p{Ll}\p{M}'’-]{2,19}(?![\p{L}\p{M}\p{N}_@-])/gu
const TITLED =
  /(?<!\p{L})(?:mr|mrs|ms|miss|dr|prof)\.? (\p{Ll}[\p{Ll}\p{M}'’-]{2,19}(?: \p{Ll}[\p{Ll}\p{M}'’-]{2,19})?)(?!\p{L})/gu
/** Beginnings of place names. */
const PLACE_OPENING = /^(?:san|santa|santo|saint|port|villa|casa|monte|rio|palo)$/
/** Lists of fewer known names may be of anything. */
const MIN_LISTED = 3

/** Names written in small letters: a listed first and last name, three first names in a row, a title before one. */
export function detectLowerNames(text: string): PiiSpan[] {
  const found: PiiSpan[] = []
  PAIR.lastIndex = 0
  for (let match = PAIR.exec(text); match; match = PAIR.exec(text)) {
    const [whole, first = '', , last = ''] = match
    if (
      first !== last &&
      !PLACE_OPENING.test(first) &&
      isName(first, 'first') &&
      (isName(last, 'last') || isName(last, 'first'))
    )
      found.push({ kind: 'PERSON', start: match.index, end: match.index + whole.length })
    // The second word of one pair may be the first of the next.
    else PAIR.lastIndex = match.index + first.length
  }
  for (const match of text.matchAll(LIST)) {
    const words = [...match[0].matchAll(/[\p{Ll}\p{M}'’-]+/gu)].filter(
      ([word]) => word !== 'and' && word !== 'or',
    )
    const names = words.filter(([word]) => wordLists().first.has(fold(word)))
    const sure = names.filter(([word]) => isName(word, 'first'))
    if (sure.length < MIN_LISTED || names.length < words.length) continue
    for (const name of names) {
      const start = match.index + name.index
      found.push({ kind: 'PERSON', start, end: start + name[0].length })
    }
  }
  for (const match of text.matchAll(TITLED)) {
    const words = (match[1] ?? '').split(' ')
    if (isWord(words[0] ?? '') && !isName(words[0] ?? '', 'last')) continue
    const name = words[1] && !isWord(words[1]) ? words.join(' ') : (words[0] ?? '')
    const start = match.index + match[0].length - (match[1]?.length ?? 0)
    found.push({ kind: 'PERSON', start, end: start + name.length })
  }
  return found
}

function isWord(word: string): boolean {
  const { other } = wordLists()
  return isEnglish(word) || isEnglish(word.replace(/['’]s$/, '')) || other.has(fold(word))
}

function isName(word: string, list: 'first' | 'last'): boolean {
  return word.length > 3 && !isWord(word) && wordLists()[list].has(fold(word).replace(/'s$/, ''))
}
