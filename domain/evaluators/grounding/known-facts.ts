import { type KnownDates, knownDates } from '../text/dates.ts'
import { type EntityMention, entityMentions } from '../text/entities.ts'
import { type KnownNumbers, type NumberMention, knownNumbers, numbersInSource } from '../text/numbers.ts'
import { stemOf, type Token } from '../text/stems.ts'
import { acronymsOf, sameName } from './names.ts'
import type { ReadTerms } from './terms.ts'

/** What the sources mention: claims may repeat these numbers, dates and names. */
export interface KnownFacts {
  numbers: KnownNumbers
  /** Values that stand somewhere without a reading of their own: in ranges, as ordinals, as `both` or `half`. */
  values: ReadonlySet<number>
  /** Days, months and years of dates: "the 3rd", but not "3 years". */
  dateParts: ReadonlySet<number>
  /** Whether a number is told as another with fewer digits, and whether "about" so many is near one of them. */
  rounds(number: number): boolean
  isNear(number: NumberMention): boolean
  dates: KnownDates
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
  const values = new Set([1])
  const dateParts = new Set<number>()
  const stems = new Set<string>()
  const acronyms = new Set<string>()
  for (const { text, tokens, dates } of sources) {
    for (const token of tokens) {
      stems.add(token.stem)
      for (const value of IMPLIED[token.text.toLowerCase()] ?? []) values.add(value)
    }
    for (const acronym of acronymsOf(tokens)) acronyms.add(acronym)
    const inDate = new Uint8Array(text.length)
    for (const { start, end } of dates) inDate.fill(1, start, end)
    for (const { index, 0: digits } of text.matchAll(/\d[\d,]*(?:\.\d+)?/g)) {
      const value = Number(digits.replaceAll(',', ''))
      if (inDate[index]) dateParts.add(value)
      else values.add(value)
    }
    // "2014-15" also means 2015.
    for (const [, century, , year] of text.matchAll(/\b(\d\d)(\d\d)\s?[-–/]\s?(\d\d)\b/g))
      values.add(Number(`${century}${year}`))
  }
  const numbers = knownNumbers(sources.flatMap((source) => numbersInSource(source.text, source.numbers)))
  return {
    numbers,
    values,
    dateParts,
    ...nearness(numbers),
    dates: knownDates(sources.flatMap((source) => source.dates)),
    stems,
    acronyms,
  }
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
    ...dates.filter((date) => !known.dates.has(date)),
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
  const { value, unit, approximate } = number
  if (known.numbers.has(number)) return true
  if (!known.numbers.byValue.has(value) && known.values.has(value)) return true
  if (!unit && known.dateParts.has(value)) return true
  return known.rounds(value) || (approximate === true && known.isNear(number))
}

/** "About 50" may be said of what is so near to 50. */
const APPROXIMATE = 0.05

/** Worked out when first asked: most claims have no number that is not there as it is. */
function nearness({ byValue }: KnownNumbers): Pick<KnownFacts, 'rounds' | 'isNear'> {
  let rounded: Set<number> | undefined
  return {
    rounds(value) {
      if (value === 0 || (significantDigits(value) < 2 && value < 1000)) return false
      rounded ??= new Set([...byValue.keys()].flatMap(roundingsOf))
      return rounded.has(value)
    },
    isNear: ({ value, unit }) =>
      [...byValue.values()].flat().some((other) => {
        if (unit && other.unit && unit.of !== other.unit.of) return false
        const exact = unit && other.unit ? (other.value * other.unit.factor) / unit.factor : other.value
        return Math.abs(exact - value) <= APPROXIMATE * exact
      }),
  }
}

/** A number cut and rounded to fewer digits: 181,674,817 is told as 181.7 million, 181 or 182 million. */
function roundingsOf(exact: number): number[] {
  if (exact === 0) return []
  const found: number[] = []
  for (let digits = 1; digits < significantDigits(exact); digits++) {
    const unit = 10 ** (Math.floor(Math.log10(exact)) + 1 - digits)
    const cut = Number((Math.floor(exact / unit) * unit).toPrecision(digits))
    for (const rounded of [Number(exact.toPrecision(digits)), cut])
      if (Math.abs(exact - rounded) <= 0.1 * rounded) found.push(rounded)
  }
  return found
}

function significantDigits(value: number): number {
  return (value.toExponential().split('e')[0] ?? '').replace('.', '').length
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
