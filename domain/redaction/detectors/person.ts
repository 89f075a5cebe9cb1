import nlp from 'compromise/two'
import type { PiiSpan } from '../kinds.ts'
import { detectCuedNames, isNoName } from './name-cues.ts'

/** Tags by which compromise's word list marks a word as (part of) a name. */
const NAME_TAG = /^(?:Person|FirstName|MaleName|FemaleName|LastName)$/
let knownNames: ReadonlySet<string> | undefined

/** Read on first use: a Worker that redacts nothing should not pay for it at its start. */
function names(): ReadonlySet<string> {
  return (knownNames ??= namesOf(nlp.model()))
}

const CAPITALISED = /\p{Lu}[\p{L}\p{M}'’-]+/gu
/** A person is looked for in this many characters around a known name: the tagger's cost grows with the text. */
const REACH = 30

/**
 * Person names: by the words before them, and by compromise's tagger, which is only asked about the surroundings of a
 * capitalised word that its own list knows as a name (a tenth of a millisecond each, against one for any text).
 */
export function detectPersons(text: string): PiiSpan[] {
  if (!/\p{L}{2}/u.test(text)) return []
  const found = detectCuedNames(text)
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
    if (!word.split(/['’-]/).some((part) => names().has(part)) || isNoName(word)) continue
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

/** Whether compromise's list knows a word as a first or last name. */
export function isKnownName(word: string): boolean {
  return names().has(word.toLowerCase())
}

/** Single words of compromise's list that are names of people. */
function namesOf(model: unknown): Set<string> {
  const found = new Set<string>()
  const lexicon = lexiconOf(model)
  for (const [word, tags] of Object.entries(lexicon)) {
    if ([tags].flat().some((tag) => typeof tag === 'string' && NAME_TAG.test(tag)) && word.length > 2)
      found.add(word)
  }
  return found
}

function lexiconOf(model: unknown): Record<string, unknown> {
  const one: unknown = typeof model === 'object' && model !== null && 'one' in model ? model.one : undefined
  const lexicon: unknown =
    typeof one === 'object' && one !== null && 'lexicon' in one ? one.lexicon : undefined
  return typeof lexicon === 'object' && lexicon !== null ? { ...lexicon } : {}
}
