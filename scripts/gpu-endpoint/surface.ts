/**
 * How a record's value is written in a sentence: `1200` as `1,200`, `2019-03-07` as `March 7th`, `16:30` as `4:30 pm`.
 * A format turns a value into its written form, or into undefined when it is not for such a value.
 */
type Format = (value: string) => string | undefined

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
  'December',
] // prettier-ignore
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const NUMBER_WORDS = [
  'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve',
] // prettier-ignore

/** In order of preference when two formats write the same. */
export const FORMATS = {
  text: (value) => value,
  // A reply may name the number of "EUR 1200.00" alone.
  number: (value) => decimals(value, undefined, false),
  grouped: (value) => decimals(value, undefined, true),
  whole: (value) => (numberOf(value) % 1 === 0 ? decimals(value, 0, false) : undefined),
  whole_grouped: (value) => (numberOf(value) % 1 === 0 ? decimals(value, 0, true) : undefined),
  one_decimal: (value) => ((numberOf(value) * 10) % 1 === 0 ? decimals(value, 1, true) : undefined),
  two_decimals: (value) => decimals(value, 2, true),
  word: (value) => (/^\d{1,2}$/.test(value) ? NUMBER_WORDS[Number(value)] : undefined),
  month_day_ordinal: date(({ day, month }) => `${month} ${ordinal(day)}`),
  month_day_year: date(({ day, month, year }) => `${month} ${day}, ${year}`),
  month_day_ordinal_year: date(({ day, month, year }) => `${month} ${ordinal(day)}, ${year}`),
  month_day: date(({ day, month }) => `${month} ${day}`),
  short_month_day: date(({ day, month }) => `${month.slice(0, 3)} ${day}`),
  day_month_year: date(({ day, month, year }) => `${day} ${month} ${year}`),
  day_month: date(({ day, month }) => `${day} ${month}`),
  day_of_month: date(({ day, month }) => `${ordinal(day)} of ${month}`),
  weekday: date(({ weekday }) => weekday),
  clock: time(({ hour, minute, half }) => `${hour}:${minute} ${half}`),
  clock_tight: time(({ hour, minute, half }) => `${hour}:${minute}${half}`),
  clock_bare: time(({ hour, minute }) => `${hour}:${minute}`),
  hour: time(({ hour, minute, half }) => (minute === '00' ? `${hour} ${half}` : undefined)),
  hour_tight: time(({ hour, minute, half }) => (minute === '00' ? `${hour}${half}` : undefined)),
} satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS

export interface Surface {
  format: FormatName
  text: string
}

/** The ways a value may be written, none twice. Yes-or-no values and single letters stand in any sentence: none. */
export function surfacesOf(value: string): Surface[] {
  if (/^(?:true|false|yes|no|none|null|n\/a|.)$/i.test(value) && !/^\d$/.test(value)) return []
  const seen = new Set<string>()
  return (Object.keys(FORMATS) as FormatName[]).flatMap((format) => {
    const text = FORMATS[format](value)
    if (text === undefined || seen.has(text.toLowerCase())) return []
    seen.add(text.toLowerCase())
    return [{ format, text }]
  })
}

/** The value in a format learned from another value; as it stands where the format does not fit. */
export function written(value: string, format: FormatName): string {
  return FORMATS[format](value) ?? value
}

const AMOUNT = /^(?:[A-Z]{3} |[$€£] ?)?(\d{1,12}(?:,\d{3})*(?:\.\d{1,6})?)(?: ?(?:[A-Z]{3}|[€%]))?$/

function numberOf(value: string): number {
  const digits = AMOUNT.exec(value)?.[1]
  return digits === undefined ? Number.NaN : Number(digits.replaceAll(',', ''))
}

function decimals(value: string, places: number | undefined, grouped: boolean): string | undefined {
  const digits = AMOUNT.exec(value)?.[1]?.replaceAll(',', '')
  if (digits === undefined) return undefined
  const fixed = places === undefined ? digits : Number(digits).toFixed(places)
  return grouped ? fixed.replace(/\B(?<!\.\d*)(?=(?:\d{3})+(?!\d))/g, ',') : fixed
}

interface DateParts {
  day: number
  month: string
  year: number
  weekday: string
}

function date(write: (parts: DateParts) => string | undefined): Format {
  return (value) => {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []
    const name = MONTHS[Number(month) - 1]
    if (name === undefined) return undefined
    const weekday =
      WEEKDAYS[new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDay()] ?? ''
    return write({ day: Number(day), month: name, year: Number(year), weekday })
  }
}

interface TimeParts {
  hour: number
  minute: string
  half: 'am' | 'pm'
}

function time(write: (parts: TimeParts) => string | undefined): Format {
  return (value) => {
    const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(value) ?? []
    if (hour === undefined || minute === undefined) return undefined
    return write({ hour: Number(hour) % 12 || 12, minute, half: Number(hour) < 12 ? 'am' : 'pm' })
  }
}

function ordinal(day: number): string {
  const suffix = day % 100 >= 11 && day % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th')
  return `${day}${suffix}`
}
