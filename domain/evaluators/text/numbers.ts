/** A number that a text mentions. `unit` is a class word such as `percent`, `money`, `day`, absent when none is beside it. */
export interface NumberMention {
  text: string
  start: number
  /** Where its digits end. */
  end: number
  value: number
  unit?: string
  /** A small count in words ("two films"): often the writer's own count of things that the source lists. */
  loose?: boolean
}

const UNITS: Record<string, string> = {
  '%': 'percent', percent: 'percent', 'per cent': 'percent', '€': 'money', $: 'money', '£': 'money', usd: 'money',
  eur: 'money', gbp: 'money', euro: 'money', euros: 'money', dollar: 'money', dollars: 'money', pounds: 'money',
  second: 'second', seconds: 'second', minute: 'minute', minutes: 'minute', min: 'minute', mins: 'minute',
  hour: 'hour', hours: 'hour', day: 'day', days: 'day', week: 'week', weeks: 'week', month: 'month', months: 'month',
  year: 'year', years: 'year', kg: 'kg', g: 'g', km: 'km', m: 'm', cm: 'cm', mm: 'mm', mb: 'mb', gb: 'gb',
} // prettier-ignore

const SCALES: Record<string, number> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  million: 1e6,
  bn: 1e9,
  b: 1e9,
  billion: 1e9,
  trillion: 1e12,
}

const WORD_VALUES: Record<string, number> = {
  two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13,
  fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40,
  fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90,
} // prettier-ignore

const DIGITS =
  /(?<![\p{L}\p{N}.,_-])([$€£]\s?)?(\d{1,15}(?:,\d{3})*(?:\.\d{1,10})?)(?:(?:st|nd|rd|th)\b|\s?(thousand|million|billion|trillion|bn|mn|k|m|b)\b)?[\s-]?(%|€|per cent\b|[a-z]{1,10}\b)?/giu
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
  const skipped = (at: number) => skip.some((stretch) => at >= stretch.start && at < stretch.end)
  if (/\d/.test(text)) {
    for (const match of text.matchAll(DIGITS)) {
      const [whole, money, digits = '', scale, unitWord] = match
      const start = match.index + (money?.length ?? 0)
      if (skipped(start) || isListMarker(text, start, digits.length)) continue
      // "5m" may be metres: as scale only beside a currency sign.
      const scaled = scale && (scale.length > 1 || money) ? (SCALES[scale.toLowerCase()] ?? 1) : 1
      const unit = money ? 'money' : UNITS[(unitWord ?? '').toLowerCase()]
      const written = whole.slice(0, whole.length - (money || !unit ? (unitWord?.length ?? 0) : 0)).trim()
      found.push({
        text: written.replace(/-$/, ''),
        start,
        end: start + digits.length,
        value: Number(digits.replaceAll(',', '')) * scaled,
        ...(unit ? { unit } : {}),
      })
    }
  }
  for (const match of text.matchAll(WORDS)) {
    const [, tens = '', ones, unitWord] = match
    const value = (WORD_VALUES[tens.toLowerCase()] ?? 0) + (ones ? (WORD_VALUES[ones.toLowerCase()] ?? 1) : 0)
    const unit = UNITS[(unitWord ?? '').toLowerCase()]
    const loose = !unit && value <= 12
    const written = tens + (ones ? `-${ones}` : '')
    if (!skipped(match.index))
      found.push({
        text: written,
        start: match.index,
        end: match.index + written.length,
        value,
        ...(unit ? { unit } : {}),
        ...(loose ? { loose } : {}),
      })
  }
  return found
}

/** `1.` or `2)` that opens a line numbers the line, and claims nothing. */
function isListMarker(text: string, start: number, length: number): boolean {
  return (
    length <= 2 &&
    /^[.):]\s/.test(text.slice(start + length, start + length + 2)) &&
    /(?:^|\n)[ \t*#-]{0,4}$/.test(text.slice(Math.max(0, start - 5), start))
  )
}

/** The same value, and no contradiction between the units: "30 days" is not "30 minutes". */
export function sameNumber(a: NumberMention, b: NumberMention): boolean {
  return (
    Math.abs(a.value - b.value) <= 1e-9 * Math.max(1, Math.abs(a.value)) &&
    (!a.unit || !b.unit || a.unit === b.unit)
  )
}
