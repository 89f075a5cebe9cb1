import nlp from 'compromise/two'
import type { PiiSpan } from '../kinds.ts'
import { merged } from '../merged.ts'
import { detectCuedNames, isNoName } from './name-cues.ts'
import { detectLowerNames } from './lower-names.ts'
import { detectShapedNames } from './name-shapes.ts'
import { BRANDS } from './name-words.ts'
import { fold, isEnglish, wordLists } from './word-lists.ts'

const CAPITALISED = /\p{Lu}[\p{L}\p{M}'’-]+/gu
/** A person is looked for in this many characters around a known name: the tagger's cost grows with the text. */
const REACH = 30

/**
 * Person names: by the words before them, by the lists and their form, and by compromise's tagger, which is only asked about the surroundings of a
 * capitalised word that its own list knows as a name (a tenth of a millisecond each, against one for any text).
 */
export function detectPersons(text: string): PiiSpan[] {
  if (!/\p{L}{2}/u.test(text)) return []
  const found = merged([...detectCuedNames(text), ...detectShapedNames(text), ...detectLowerNames(text)])
  for (const { from, to } of surroundings(text, found)) {
    const piece = text.slice(from, to)
    for (const start of taggedPersons(piece))
      found.push({ kind: 'PERSON', start: from + start.start, end: from + start.end })
  }
  return found
}

/** Pieces with a known name in them that is not found yet, cut at spaces, merged where they overlap. */
function surroundings(text: string, found: readonly PiiSpan[]): { from: number; to: number }[] {
  const pieces: { from: number; to: number }[] = []
  for (const match of text.matchAll(CAPITALISED)) {
    const word = match[0].toLowerCase().replace(/['’]s$/, '')
    if (
      !word.split(/['’-]/).some((part) => wordLists().tagged.has(part)) ||
      isNoName(word) ||
      BRANDS.has(word)
    )
      continue
    if (found.some((span) => match.index >= span.start && match.index < span.end)) continue
    const from = text.indexOf(' ', Math.max(0, match.index - REACH))
    const to = text.lastIndexOf(' ', match.index + match[0].length + REACH)
    const piece = {
      from:
        match.index <= REACH || from === -1 || from >= match.index
          ? Math.max(0, match.index - REACH)
          : from + 1,
      to: text.length <= match.index + match[0].length + REACH || to <= match.index ? text.length : to,
    }
    const last = pieces.at(-1)
    if (last && piece.from <= last.to) last.to = Math.max(last.to, piece.to)
    else pieces.push(piece)
  }
  return pieces
}

interface Offset {
  offset: { start: number; length: number }
}

/** The tagger's answer for pieces seen before: support chats repeat themselves. Emptied when full. */
const answers = new Map<string, { start: number; end: number }[]>()
const MAX_ANSWERS = 5000

function taggedPersons(piece: string): { start: number; end: number }[] {
  const known = answers.get(piece)
  if (known) return known
  const matches: Offset[] = nlp(piece).match('#Person+').json({ offset: true })
  const spans = matches.flatMap(({ offset }) => namesIn(piece, offset.start, offset.start + offset.length))
  if (answers.size >= MAX_ANSWERS) answers.clear()
  answers.set(piece, spans)
  return spans
}

/** Words that make a place, a house or a work of what looks like a name. */
const PLACE =
  /^(?:San|Santa|Santo|Saint|St|Los|Las|El|La|Le|New|North|South|East|West|Port|Mount|Lake|Fort|Hotel|Hostel|Villa|Casa|Rue|Rua|Via|Calle|Sri)\b|\b(?:Hotel|Inn|Hostel|Suites|Resort|City|Town|Park|Beach|Island|Station|Airport|Street|Avenue|Road|Drive|Lane|Boulevard|Theater|Theatre|Museum|Hall|Center|Centre|Restaurant|Cafe|Grill|Bar|Bank|Movie|Show|Airlines|University|School|Church|Hospital|Inc|Ltd|GmbH)$/

/** The capitalised names of a stretch, one for each comma: "Davis, Reynolds" are two. */
function namesIn(text: string, start: number, end: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const match of text
    .slice(start, end)
    .matchAll(
      /\p{Lu}[\p{L}\p{M}'’-]*\.?(?: (?:(?:de|da|di|van|von|der|la|del|bin|al) ){0,2}\p{Lu}[\p{L}\p{M}'’-]*\.?){0,3}/gu,
    )) {
    const name = match[0].replace(/(?:['’]s)?\.?$/u, '')
    if (name.length < 2 || name.split(' ').every(isNoName) || PLACE.test(name)) continue
    found.push({ start: start + match.index, end: start + match.index + name.length })
  }
  return found
}

/** Whether a word alone is known as a first or last name. */
export function isKnownName(word: string): boolean {
  const { tagged, first, last } = wordLists()
  const key = fold(word)
  return tagged.has(word.toLowerCase()) || ((first.has(key) || last.has(key)) && !isEnglish(key))
}
