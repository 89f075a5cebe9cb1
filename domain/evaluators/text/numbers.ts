import { type Unit, scaleOf, unitOf } from './units.ts'

/** A number that a text mentions. */
export interface NumberMention {
  text: string
  start: number
  /** Where its digits end. */
  end: number
  value: number
  /** Absent when none is beside it. */
  unit?: Unit
  /** A small count in words ("two films"): often the writer's own count of things that the source lists. */
  loose?: boolean
  /** Said to be near the number, not the number: "about 50". */
  approximate?: boolean
}

const WORD_VALUES: Record<string, number> = {
  two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13,
  fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40,
  fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90,
} // prettier-ignore

const DIGITS =
  /(?<![\p{L}\p{N}.,_-])([$€£¥]\s?)?((?:\d{1,3}(?:\.\d{3})+|\d{1,15}),\d{1,2}(?![\d,])|\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?)(?:(?:st|nd|rd|th)\b|\s?(thousand|million|billion|trillion|bn|mn|k|m|b)\b)?[\s-]?([%$€£¥]|per cent\b|[a-z]{1,10}\b)?/giu
const WORDS =
  /\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:-(one|two|three|four|five|six|seven|eight|nine))?\b[\s-]?([a-z]{1,10}\b)?/gi

/**
 * Numbers in digits (`$1,249.00`, `5 million`, `30 days`, `2nd`) and in words from two on ("one" is mostly a pronoun).
 * Numbers inside an id (`A-20318`) are the id's: see entities. `skip` holds stretches that were read as dates.
 */
export function numberMentions(
  text: string,
  skip: readonly { start: number; end: number }[] = [],
): NumberMention[] {
  const found: NumberMention[] = []
  const taken = new Uint8Array(skip.length > 0 ? text.length : 0)
  for (const { start, end } of skip) taken.fill(1, start, end)
  if (/\d/.test(text)) {
    for (const match of text.matchAll(DIGITS)) {
      const [whole, money, digits = '', scale, unitWord] = match
      const start = match.index + (money?.length ?? 0)
      if (taken[start] || isListMarker(text, start, digits.length)) continue
      const scaled = scaleOf(scale, money !== undefined)
      const unit = unitOf(money?.trim()) ?? unitOf(scaled === 1 ? (scale ?? unitWord) : unitWord)
      const written = whole.slice(0, whole.length - (money || !unit ? (unitWord?.length ?? 0) : 0)).trim()
      found.push({
        text: written.replace(/-$/, ''),
        start,
        end: start + digits.length,
        value: valueOf(digits) * scaled,
        ...(unit ? { unit } : {}),
        ...(isApproximate(text, match.index) ? { approximate: true } : {}),
      })
    }
  }
  for (const match of text.matchAll(WORDS)) {
    const [, tens = '', ones, unitWord] = match
    if (taken[match.index]) continue
    const value = (WORD_VALUES[tens.toLowerCase()] ?? 0) + (ones ? (WORD_VALUES[ones.toLowerCase()] ?? 1) : 0)
    const unit = unitOf(unitWord)
    const written = tens + (ones ? `-${ones}` : '')
    found.push({
      text: unit ? match[0].trim() : written,
      start: match.index,
      end: match.index + written.length,
      value,
      ...(unit ? { unit } : {}),
      ...(!unit && value <= 12 ? { loose: true } : {}),
      ...(isApproximate(text, match.index) ? { approximate: true } : {}),
    })
  }
  return found
}

/** `1,249.00`, and `1.249,00` or `49,90` with the comma that much of Europe has for the point. */
function valueOf(digits: string): number {
  return Number(
    /,\d{1,2}$/.test(digits) ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', ''),
  )
}

const APPROXIMATE =
  /(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|circa|ca\.|some|close to|just (?:under|over|below|above))|[~≈])\s?$/i

function isApproximate(text: string, at: number): boolean {
  return APPROXIMATE.test(text.slice(Math.max(0, at - 16), at))
}

/** `1.` or `2)` that opens a line numbers the line, and claims nothing. */
function isListMarker(text: string, start: number, length: number): boolean {
  return (
    length <= 2 &&
    /^[.):]\s/.test(text.slice(start + length, start + length + 2)) &&
    /(?:^|\n)[ \t*#-]{0,4}$/.test(text.slice(Math.max(0, start - 5), start))
  )
}

/** The same value and no contradiction between the units, or the same amount in two units: "two weeks" are "14 days". */
export function sameNumber(a: NumberMention, b: NumberMention): boolean {
  if (!a.unit || !b.unit) return near(a.value, b.value)
  return a.unit.of === b.unit.of && near(a.value * a.unit.factor, b.value * b.unit.factor)
}

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a))
}

/** An amount in its base unit, by which the same amount in another unit is found; undefined without a unit. */
function amountKey({ value, unit }: NumberMention): string | undefined {
  return unit && `${unit.of} ${Number((value * unit.factor).toPrecision(9))}`
}

/** Numbers to look others up in. */
export interface KnownNumbers {
  /** All of them, by value. */
  byValue: ReadonlyMap<number, readonly NumberMention[]>
  /** Whether one of them is the same number: see `sameNumber`. */
  has(number: NumberMention): boolean
}

export function knownNumbers(mentions: Iterable<NumberMention>): KnownNumbers {
  const byValue = new Map<number, NumberMention[]>()
  const amounts = new Set<string>()
  for (const mention of mentions) {
    const amount = amountKey(mention)
    if (amount !== undefined) amounts.add(amount)
    const list = byValue.get(mention.value)
    if (!list) byValue.set(mention.value, [mention])
    // One of each unit is enough: a text may hold the same number ten thousand times.
    else if (!list.some((other) => other.unit === mention.unit)) list.push(mention)
  }
  return {
    byValue,
    has(number) {
      const amount = amountKey(number)
      return (
        (amount !== undefined && amounts.has(amount)) ||
        (byValue.get(number.value) ?? []).some((other) => sameNumber(number, other))
      )
    },
  }
}

/** The numbers of a text; corpora and PDF extracts often come tokenised: "235, 000" is read as both 235 and 235,000. */
export function numbersInSource(text: string, mentions: readonly NumberMention[] = numberMentions(text)) {
  const joined = text.replace(/(\d)([.,]) (?=\d)/g, '$1$2')
  return joined === text ? mentions : [...mentions, ...numberMentions(joined)]
}
