import { type DateMention, dateMentions } from '../text/dates.ts'
import { type NumberMention, numberMentions } from '../text/numbers.ts'
import type { Token } from '../text/stems.ts'
import { isNegator, OPPOSITE_QUALIFIERS, UNNEGATING } from './opposites.ts'

/** A word that carries content, a number by its value or a date by its day, with what is said of it. */
export interface Term {
  stem: string
  /** As written. */
  text: string
  start: number
  end: number
  /** Within the reach of a negator: "does not ship" negates `ship`. */
  negated: boolean
  /** A negator stands between this term and the one before. */
  negatorBefore: boolean
  /** `all`, `before`, `may`…: words of OPPOSITE_QUALIFIERS between this term and the one before. */
  qualifiers: readonly string[]
}

/** A text's numbers and dates with the terms that it says, in order. */
export interface ReadTerms {
  terms: Term[]
  numbers: NumberMention[]
  dates: DateMention[]
}

/** A negator reaches so many terms, or to the next mark. */
const NEGATION_REACH = 2

const ORDINALS = ['first', '', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

/** `tokens` must be what `text` was tokenised to. */
export function termsOf(text: string, tokens: readonly Token[]): ReadTerms {
  const dates = dateMentions(text)
  const numbers = numberMentions(text)
  const terms: Term[] = []
  let reach = 0
  let negatorBefore = false
  let negatorAt = -1
  let qualifiers: string[] = []
  let end = 0
  for (const token of valueTokensOf(text, tokens, dates, numbers)) {
    if (/[,.;:!?\n]/.test(text.slice(end, token.start))) {
      reach = 0
      qualifiers = []
    }
    end = Math.max(end, token.start + token.text.length)
    const word = token.text.toLowerCase()
    const negator = isNegator(word)
    if (negator) {
      reach = NEGATION_REACH
      negatorBefore = true
      negatorAt = terms.length
    } else if (UNNEGATING.has(word)) {
      const since = terms.slice(negatorAt < 0 ? terms.length : negatorAt)
      if (since.length <= NEGATION_REACH) for (const term of since) term.negated = term.negatorBefore = false
      reach = 0
      negatorBefore = false
    } else if (word === 'but' || word === 'however') reach = 0
    if (!token.content || /n['’]t$/.test(word)) {
      if (OPPOSITE_QUALIFIERS.against.has(word)) qualifiers.push(word)
      continue
    }
    const negated = reach > 0 && !negator
    const { stem, text: written, start } = token
    terms.push({ stem, text: written, start, end, negated, negatorBefore, qualifiers })
    if (negated) reach--
    negatorBefore = false
    qualifiers = []
  }
  return { terms, numbers, dates }
}

/** Tokens with numbers, ordinals and dates as values: `two` is `2`, `£13m` is `13000000`, `3 May` is `day:3-5` and `mai`. */
function valueTokensOf(
  text: string,
  tokens: readonly Token[],
  dates: readonly DateMention[],
  numbers: readonly NumberMention[],
): Token[] {
  const byStart = new Map(numbers.map((mention) => [mention.start, mention]))
  const inOrder = dates.toSorted((a, b) => a.start - b.start)
  const found: Token[] = []
  let next = 0
  let readTo = 0
  for (const token of tokens) {
    if (token.start < readTo) continue
    while ((inOrder[next]?.end ?? Infinity) <= token.start) next++
    const date = inOrder[next]
    const number = byStart.get(token.start)
    if (date && token.start + token.text.length > date.start) {
      for (const stem of dateStems(date))
        found.push({ text: date.text, stem, start: date.start, content: true })
      readTo = date.end
    } else {
      const ordinal = ordinalOf(token.text)
      if (ordinal) found.push({ ...token, stem: ordinal, content: true })
      else if (number) {
        found.push({ ...token, stem: String(number.value), content: true })
        readTo = number.end
      } else found.push(token)
    }
  }
  return found
}

const MONTHS = 'januari februari march april mai june juli august septemb octob novemb decemb'.split(' ')

/** Year, day and month each by itself: "in November 2026" is borne out by `2026-11-03`. A slashed date tells no month. */
function dateStems({ keys, year }: DateMention): string[] {
  const [key = ''] = keys
  const [, month, day] = /^day:(\d+)-(\d+)$/.exec(key) ?? []
  if (!month || !day) return [year, key].filter((stem) => stem !== undefined)
  // Both readings of 3/11 have one stem; whether one of them is in the sources is for `missingFacts` to say.
  const either = `day:${[month, day].toSorted().join('-')}`
  return [year, either, keys.length === 1 ? MONTHS[Number(month) - 1] : undefined].filter(
    (stem) => stem !== undefined,
  )
}

function ordinalOf(word: string): string | undefined {
  const digits = /^(\d{1,4})(?:st|nd|rd|th)$/i.exec(word)?.[1]
  if (digits) return `ord:${digits}`
  const at = word.length >= 5 && word.length <= 7 ? ORDINALS.indexOf(word.toLowerCase()) : -1
  return at < 0 ? undefined : `ord:${at + 1}`
}
