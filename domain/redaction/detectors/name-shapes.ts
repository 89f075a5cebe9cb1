import type { PiiSpan } from '../kinds.ts'
import { type Run, type Word, capitalisedRuns } from './capitalised.ts'
import { cueAround, hasArticle, hasPronoun, isPlaced, ownsTitle } from './name-context.ts'
import { fold, wordLists } from './word-lists.ts'

/** A stretch of a run that may be one name, or part of a list of them. */
interface Candidate {
  words: Word[]
  start: number
  end: number
  sure: boolean
  /** May be a name if its neighbours in a list are. */
  open: boolean
}

/** Person names, by the lists of names and words, the form of the words and the words around them. */
export function detectShapedNames(text: string): PiiSpan[] {
  if (!/\p{Lu}[\p{Ll}\p{Lu}]/u.test(text)) return []
  const candidates = capitalisedRuns(text).flatMap((run) => candidatesOf(run, text))
  acceptLists(candidates, text)
  acceptRepeated(candidates)
  return candidates.filter(({ sure }) => sure).map(({ start, end }) => ({ kind: 'PERSON', start, end }))
}

const isFirst = (word: Word | undefined) => word !== undefined && word.first && !word.common && !word.other
const isLast = (word: Word | undefined) => word !== undefined && word.last && !word.common && !word.other
/** In no list at all, and written like a name: neither "PayPal" nor "ATM". */
const isUnknown = (word: Word | undefined) =>
  word !== undefined &&
  !word.initial && !word.first && !word.last && !word.common && !word.other &&
  /^\p{Lu}[\p{Ll}\p{M}'’-]{2}/u.test(word.text) && !/[\p{Ll}](?!(?<=Ma?c))\p{Lu}/u.test(word.text) // prettier-ignore
const isForeign = (word: Word | undefined) => word !== undefined && /[^\x20-\x7e’]/.test(word.text)
const mayBeLast = (word: Word | undefined) =>
  word !== undefined && (isLast(word) || isFirst(word) || isUnknown(word) || (word.last && !word.other))

/** A run cut at the words that no name has in it. */
function candidatesOf(run: Run, text: string): Candidate[] {
  const phrase = fold(run.words.map((word) => word.text).join(' '))
  if (run.headed || wordLists().other.has(phrase)) return []
  const words = withoutOpening(run)
  const found: Candidate[] = []
  let own: Word[] = []
  let embedded = false
  for (const word of words) {
    if (word.initial || word.first || word.last || !(word.common || word.other)) own.push(word)
    else {
      if (own.length > 0) found.push(candidate(own, text, embedded || !word.plain))
      own = []
      embedded ||= !word.plain
    }
  }
  if (own.length > 0) found.push(candidate(own, text, embedded))
  return found
}

/** "Does Sigrid know" begins with a capital letter for another reason, and so may "Will Sigrid come". */
function withoutOpening({ words, opens }: Run): Word[] {
  const [opening, next] = words
  if (!opens || !opening?.common) return words
  return !(opening.first || opening.last) || (isFirst(next) && !isLast(next)) ? words.slice(1) : words
}

/** `embedded`: among other capitalised words, as in a title or a brand; then only a full listed name counts. */
function candidate(words: Word[], text: string, embedded: boolean): Candidate {
  const names = words.filter(({ initial }) => !initial)
  const start = words[0]?.start ?? 0
  const end = words.at(-1)?.end ?? start
  const named = names.length > 0 && names.length <= 4
  const open =
    named &&
    !embedded &&
    names.every((name) => isNameLike(name) || ((name.first || name.last) && !name.other))
  const sure =
    named &&
    (names.length > 1
      ? isFullName(words, names, embedded, isPlaced(text, start)) ||
        (!embedded && hasCue(text, start, end, names))
      : !embedded && !hasArticle(text, start) && isSingleName(names[0], text, start, end))
  return { words, start, end, sure, open: open || sure }
}

function isFullName(
  words: readonly Word[],
  names: readonly Word[],
  embedded: boolean,
  placed: boolean,
): boolean {
  const first = names[0]
  const last = names.at(-1)
  if (isFirst(first) && isLast(last)) return true
  if (embedded || placed) return false
  return (
    (isFirst(first) && mayBeLast(last)) ||
    // "Frank Miller", "Jan Jílek": the first is a word or a month as well.
    (first?.first === true && isListedAs(last)) ||
    (isUnknown(first) && isLast(last)) ||
    (isLast(first) && isFirst(last)) ||
    (names.every(isNameLike) && (joined(words) || names.some(isForeign)))
  )
}

const isListedAs = (last: Word | undefined) => isLast(last) || (isUnknown(last) && isForeign(last))
const isNameLike = (name: Word) => isFirst(name) || isLast(name) || isUnknown(name)

/** "Ravil G Yefimov", "Dyan van Gijn": an initial or a particle between two names. */
function joined(words: readonly Word[]): boolean {
  return words
    .slice(1)
    .some((word, at) => (word.initial && at < words.length - 2) || word.start - (words[at]?.end ?? 0) > 1)
}

function hasCue(text: string, start: number, end: number, names: readonly Word[]): boolean {
  return (
    names.every((name) => isNameLike(name) || (name.first && !name.other)) &&
    cueAround(text, start, end) !== undefined
  )
}

function isSingleName(name: Word | undefined, text: string, start: number, end: number): boolean {
  if (!name || isCapitals(name.text) || isPlaced(text, start)) return false
  if (isFirst(name) && !ownsTitle(text, end)) return true
  const cue = cueAround(text, start, end)
  if (cue === 'person') return isNameLike(name) || (name.first && !MODAL.test(name.text))
  if (!isNameLike(name)) return false
  return isListedAs(name) && (cue === 'name' || hasPronoun(text, end))
}

/** "Her mother Will pay" is none. */
const MODAL = /^(?:Will|May|Can|Might)$/

/** A word of a sure name alone: "You can tell Jouni was a Jouni Hahli fan". */
function acceptRepeated(candidates: Candidate[]): void {
  const known = new Set(
    candidates
      .filter(({ sure }) => sure)
      .flatMap(({ words }) => words.filter(isNameLike).map(({ text }) => text)),
  )
  for (const one of candidates)
    if (one.open && one.words.length === 1 && known.has(one.words[0]?.text ?? '')) one.sure = true
}

const isCapitals = (word: string) => word.length < 2 || word === word.toUpperCase()

const BETWEEN = /^(?:,? (?:and|or|&) |, |; )$/

/** Lists such as "Kónya, Becker and Vasquez": known names carry the others, a place or a thing among them takes all. */
function acceptLists(candidates: Candidate[], text: string): void {
  for (let from = 0; from < candidates.length;) {
    let to = from + 1
    while (to < candidates.length && BETWEEN.test(text.slice(candidates[to - 1]?.end, candidates[to]?.start)))
      to++
    const list = candidates.slice(from, to)
    const carrying = list.filter(
      ({ sure, words }) =>
        sure || words.some((word) => isLast(word) || isFirst(word) || (isUnknown(word) && isForeign(word))),
    )
    const due = list.length === 2 ? 2 : list.length / 2
    if (list.length > 1 && list.every(({ open }) => open) && carrying.length >= due)
      for (const one of list) one.sure = true
    from = to
  }
}
