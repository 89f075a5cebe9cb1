import { type DateMention, sameDate } from '../text/dates.ts'
import { type EntityMention, entityMentions } from '../text/entities.ts'
import { type NumberMention, numberMentions, sameNumber } from '../text/numbers.ts'
import { stemOf, type Token } from '../text/stems.ts'
import { acronymsOf, sameName } from './names.ts'
import type { ReadTerms } from './terms.ts'

/** What the sources mention: claims may repeat these numbers, dates and names. */
export interface KnownFacts {
  numbers: ReadonlyMap<number, readonly NumberMention[]>
  /** Values that stand somewhere without a reading of their own: in ranges, as ordinals, as `both` or `half`. */
  values: ReadonlySet<number>
  dates: readonly DateMention[]
  stems: ReadonlySet<string>
  /** Initials of names: `World Health Organization` may be called WHO. */
  acronyms: ReadonlySet<string>
}

/** Words that mean a number without naming it. */
const IMPLIED: Readonly<Record<string, readonly number[]>> = {
  half: [0.5, 50], both: [2], twice: [2], double: [2], doubled: [2], pair: [2], couple: [2], dozen: [12], second: [2],
  first: [1], third: [3], fourth: [4], fifth: [5], sixth: [6], seventh: [7], eighth: [8], ninth: [9], tenth: [10],
} // prettier-ignore

export interface FactSource extends Pick<ReadTerms, 'numbers' | 'dates'> {
  text: string
  tokens: readonly Token[]
}

export function knownFacts(sources: readonly FactSource[]): KnownFacts {
  const numbers = new Map<number, NumberMention[]>()
  const values = new Set([1])
  const stems = new Set<string>()
  const acronyms = new Set<string>()
  for (const { text, tokens, numbers: mentions } of sources) {
    for (const token of tokens) {
      stems.add(token.stem)
      for (const value of IMPLIED[token.text.toLowerCase()] ?? []) values.add(value)
    }
    for (const acronym of acronymsOf(tokens)) acronyms.add(acronym)
    // Corpora and PDF extracts often come tokenised: "235, 000" is read as both 235 and 235,000.
    const joined = text.replace(/(\d)([.,]) (?=\d)/g, '$1$2')
    for (const mention of joined === text ? mentions : [...mentions, ...numberMentions(joined)]) {
      const list = numbers.get(mention.value)
      if (list) list.push(mention)
      else numbers.set(mention.value, [mention])
    }
    for (const match of text.matchAll(/\d[\d,]*(?:\.\d+)?/g)) values.add(Number(match[0].replaceAll(',', '')))
    // "2014-15" also means 2015.
    for (const [, century, , year] of text.matchAll(/\b(\d\d)(\d\d)\s?[-–/]\s?(\d\d)\b/g))
      values.add(Number(`${century}${year}`))
  }
  return { numbers, values, dates: sources.flatMap((source) => source.dates), stems, acronyms }
}

/** A fact that no source mentions. `weight` is the share of it that is missing: 1/2 for one word of a name of two. */
export interface MissingFact {
  text: string
  start: number
  kind: 'number' | 'entity'
  weight: number
}

/** `tokens` must be what `text` was tokenised to, and `read` its terms. */
export function missingFacts(
  text: string,
  tokens: readonly Token[],
  { numbers, dates }: Pick<ReadTerms, 'numbers' | 'dates'>,
  known: KnownFacts,
): MissingFact[] {
  const inDate = (at: number) => dates.some((date) => at >= date.start && at < date.end)
  const unknown = [
    ...numbers.filter((number) => !number.loose && !inDate(number.start) && !numberKnown(number, known)),
    ...dates.filter((date) => !known.dates.some((other) => sameDate(date, other))),
  ]
  return [
    ...unknown.map(({ text, start }): MissingFact => ({ text, start, kind: 'number', weight: 1 })),
    ...entityMentions(text, tokens).flatMap((entity): MissingFact[] => {
      const weight = missingShare(entity, known)
      return weight > 0 ? [{ text: entity.text, start: entity.start, kind: 'entity', weight }] : []
    }),
  ]
}

function numberKnown(number: NumberMention, known: KnownFacts): boolean {
  const same = known.numbers.get(number.value) ?? []
  if (same.some((other) => sameNumber(number, other))) return true
  if (same.length === 0 && known.values.has(number.value)) return true
  return [...known.numbers.keys()].some((value) => roundsTo(value, number.value))
}

/** Whether `rounded` is `exact` cut or rounded to fewer digits: 181,674,817 is told as 181.7 million, 181 or 182 million. */
function roundsTo(exact: number, rounded: number): boolean {
  const digits = significantDigits(rounded)
  if (exact === 0 || rounded === 0 || (digits < 2 && rounded < 1000)) return false
  if (Math.abs(exact - rounded) > 0.1 * Math.abs(rounded) || significantDigits(exact) <= digits) return false
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(exact))) + 1 - digits)
  return (
    Number(exact.toPrecision(digits)) === rounded ||
    Number((Math.floor(exact / unit) * unit).toPrecision(digits)) === rounded
  )
}

function significantDigits(value: number): number {
  return (value.toExponential().split('e')[0] ?? '').replace(/[.-]/g, '').length
}

const TITLES = new Set(
  'mr mrs ms miss dr prof professor sir dame lord lady president the st sr jr'.split(' '),
)

/** Share of a name's words, titles apart, that no source has in any known form. */
function missingShare(entity: EntityMention, known: KnownFacts): number {
  const stems = entity.stems.filter((stem) => !TITLES.has(stem))
  if (stems.length === 0) return 0
  const has = (stem: string) => known.stems.has(stem) || known.stems.has(stemOf(stem))
  if (sameName(entity.stems.join(' '), has)) return 0
  const words = entity.text.split(/[\s-]+/)
  const initials = words.filter((word) => /^\p{Lu}/u.test(word)).map((word) => word.charAt(0))
  if (initials.length >= 2 && known.stems.has(initials.join('').toLowerCase())) return 0
  const letters = entity.text.replaceAll('.', '')
  if (/^\p{Lu}{2,6}s?$/u.test(letters) && known.acronyms.has(letters.replace(/s$/, '').toLowerCase()))
    return 0
  const missing = stems.filter((stem) => {
    const bare = stem.replace(/['’.]/g, '')
    return !has(stem) && !has(bare) && !sameName(bare, has)
  })
  return missing.length / stems.length
}
