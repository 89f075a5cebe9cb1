import { isNoName } from './name-cues.ts'
import { HEAD, PLACE_OPENING, SURNAME, isAmbiguous } from './name-words.ts'
import { fold, isEnglish, wordLists } from './word-lists.ts'

/** A capitalised word, or an initial, with what the lists know of it. */
export interface Word {
  text: string
  start: number
  end: number
  initial: boolean
  /** In a list of first or last names. */
  first: boolean
  last: boolean
  /** An English word in common use. */
  common: boolean
  /** "Hi", "I'm", "Mr": capitalised by custom, and no part of a title. */
  plain: boolean
  /** A place, people, firm, month or day. */
  other: boolean
}

/** Capitalised words with single spaces between them, and what they stand in. */
export interface Run {
  words: Word[]
  /** The first word begins a sentence or line: its capital letter says nothing. */
  opens: boolean
  /** "Café", "Hotel", "Inc" in it or behind it, or "San" before it: the whole is no person. */
  headed: boolean
}

const WORD = "\\p{Lu}(?:\\.|[\\p{L}\\p{M}]*(?:['’-](?!s(?![\\p{L}\\p{M}]))[\\p{L}][\\p{L}\\p{M}]*)*)"
const PARTICLE = '(?:de|da|di|do|dos|del|della|van|von|der|den|ter|bin|ibn|al|el|zu|af|av|la)'
/** At most six words: more is a heading. */
const RUN = new RegExp(
  `(?<![\\p{L}\\p{M}\\p{N}_@/#$]|[\\p{L}\\p{N}]['’-])${WORD}(?: (?:${PARTICLE} ){0,2}${WORD}){0,5}(?![\\p{L}\\p{M}\\p{N}_@/])`,
  'gu',
)
const PIECE = new RegExp(WORD, 'gu')

const PLAIN = /^(?:I|I['’]\p{L}+|Hi|Hello|Hey|Dear|Mr|Mrs|Ms|Mx|Dr|Prof|Sir|Madam|Miss|Thanks|Herr|Frau)$/u

/** The runs of a text, in order. */
export function capitalisedRuns(text: string): Run[] {
  const runs: Run[] = []
  for (const match of text.matchAll(RUN)) {
    const words = [...match[0].matchAll(PIECE)]
      .filter((piece) => piece.index === 0 || match[0][piece.index - 1] === ' ')
      .map((piece) => wordAt(piece[0], match.index + piece.index))
    // The first word of a sentence, as a rule.
    if (words.every((word) => word.common && !word.first && !word.last)) continue
    const next = /^ (?:& )?(\p{L}+)/u.exec(
      text.slice(match.index + match[0].length, match.index + match[0].length + 30),
    )
    runs.push({
      words,
      opens: /(?:^|[.!?:;>\n"“”])\s*["“‘(*>-]*$/u.test(text.slice(Math.max(0, match.index - 4), match.index)),
      headed:
        words.some(isHead) ||
        words.some(({ text }) => /^(?:San|Santa|Los|Las|Saint)$/.test(text)) ||
        PLACE_OPENING.has(words[0]?.text ?? '') ||
        HEAD.has(next?.[1]?.toLowerCase() ?? ''),
    })
  }
  return runs
}

const isHead = ({ text, initial }: Word) => !initial && HEAD.has(text.toLowerCase())

function wordAt(text: string, start: number): Word {
  const end = start + text.length
  if (text.replace('.', '').length === 1)
    return {
      text,
      start,
      end,
      initial: text !== 'I',
      first: false,
      last: false,
      common: text === 'I',
      plain: text === 'I',
      other: false,
    }
  const { first, last, other } = wordLists()
  const key = fold(text)
  // "Ríos-Ruiz" and "O'Neal" are known by a part.
  const parts = key.includes('-') ? key.split('-') : [key, key.replace(/^[dlo]'/, '')]
  return {
    text,
    start,
    end,
    initial: false,
    first: parts.some((part) => first.has(part)),
    last: parts.some((part) => last.has(part) || SURNAME.test(part)),
    common:
      parts.every((part) => isEnglish(part)) ||
      isEnglish(key.replace(/'(?:d|ll|re|ve|t|m)$/, '')) ||
      isNoName(text) ||
      isAmbiguous(text),
    plain: PLAIN.test(text),
    other: other.has(key) || other.has(key.replaceAll('-', ' ')),
  }
}
