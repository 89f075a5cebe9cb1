/** A date or time of day that a text mentions, as a comparable key. */
export interface DateMention {
  text: string
  start: number
  end: number
  /** `day:MM-DD` with the year apart, or `time:minutes`. A slashed date has both readings. */
  keys: string[]
  year?: string
}

/** Names of the months, a month a line: English, and behind the stroke German, French, Spanish, Italian, Dutch, Portuguese. */
const MONTHS = `jan january / januar jänner janvier enero gennaio januari janeiro
feb february / februar février febrero febbraio februari fevereiro
mar march / märz maerz mars marzo maart março
apr april / avril abril aprile
may / mai mayo maggio mei maio
jun june / juni juin junio giugno junho
jul july / juli juillet julio luglio julho
aug august / août agosto augustus
sep sept september / septembre septiembre settembre setembro
oct october / oktober octobre octubre ottobre outubro
nov november / novembre noviembre novembro
dec december / dezember décembre diciembre dicembre dezembro`
  .split('\n')
  .map((line) => line.split(' / ').map((names) => names.split(' ')))
const MONTH_BY_NAME = new Map(
  MONTHS.flatMap((names, at) => names.flat().map((name): [string, number] => [name, at + 1])),
)
const oneOf = (names: readonly string[]) => `(${names.toSorted((a, b) => b.length - a.length).join('|')})\\.?`
const MONTH = oneOf([...MONTH_BY_NAME.keys()])
const ENGLISH_MONTH = oneOf(MONTHS.flatMap(([english = []]) => english))
const DAY = '(\\d{1,2})(?:st|nd|rd|th|\\.)?'
const YEAR = '(?:,? (?:de )?(\\d{4}))?'

const ISO = /\b(\d{4})-(\d{2})-(\d{2})(?!\d)/g
const SLASHED = /\b(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d{2})\b/g
const DAY_MONTH = new RegExp(`\\b${DAY} (?:of |de )?${MONTH}${YEAR}(?![\\p{L}\\p{N}])`, 'giu')
const MONTH_DAY = new RegExp(
  `\\b${ENGLISH_MONTH} (?:the )?(\\d{1,2})(?:st|nd|rd|th)?${YEAR}(?![\\p{L}\\p{N}])`,
  'giu',
)
const CLOCK = /\b(\d{1,2})(?:[:.](\d{2}))(?::\d{2})?(?: ?([ap])\.?m\b\.?)?/gi
const HOUR = /\b(\d{1,2}) ?([ap])\.?m\b\.?/gi

/** Dates (ISO, slashed, with month names) and times of day of a text, in order of kind. Each pattern is linear. */
export function dateMentions(text: string): DateMention[] {
  const found: DateMention[] = []
  if (!/\d/.test(text)) return found
  const taken = new Uint8Array(text.length)
  const add = (match: RegExpExecArray, keys: string[], year?: string) => {
    const start = match.index
    const end = start + match[0].length
    if (keys.length === 0 || taken.subarray(start, end).includes(1)) return
    taken.fill(1, start, end)
    found.push({ text: match[0], start, end, keys, ...(year ? { year } : {}) })
  }
  for (const match of text.matchAll(ISO)) add(match, dayKey(Number(match[2]), Number(match[3])), match[1])
  for (const match of text.matchAll(SLASHED)) {
    const [first, second] = [Number(match[1]), Number(match[3])]
    const year = match[4]?.length === 2 ? undefined : match[4]
    const dayFirst = dayKey(second, first)
    // With full stops the day comes first, with slashes either may.
    const dotted = match[2] === '.' && dayFirst.length > 0
    add(match, dotted ? dayFirst : [...new Set([...dayKey(first, second), ...dayFirst])], year)
  }
  for (const match of text.matchAll(DAY_MONTH))
    add(match, dayKey(monthOf(match[2]), Number(match[1])), match[3])
  for (const match of text.matchAll(MONTH_DAY))
    add(match, dayKey(monthOf(match[1]), Number(match[2])), match[3])
  for (const match of text.matchAll(CLOCK)) {
    // "49.90" is an amount: a full stop makes a time only with am or pm behind it.
    if (match[0].includes(':') || match[3]) add(match, timeKey(match[1], match[2], match[3]))
  }
  for (const match of text.matchAll(HOUR)) add(match, timeKey(match[1], '0', match[2]))
  return found
}

/** The same day (and year, where both name one) or the same time of day. */
export function sameDate(a: DateMention, b: DateMention): boolean {
  if (a.year && b.year && a.year !== b.year) return false
  return a.keys.some((key) => b.keys.includes(key))
}

/** Dates to look others up in. */
export interface KnownDates {
  /** Whether one of them is the same: see `sameDate`. */
  has(date: DateMention): boolean
}

export function knownDates(dates: Iterable<DateMention>): KnownDates {
  const byKey = new Map<string, Map<string | undefined, DateMention>>()
  for (const date of dates)
    for (const key of date.keys) {
      const years = byKey.get(key) ?? new Map<string | undefined, DateMention>()
      byKey.set(key, years.set(date.year, date))
    }
  return {
    has: (date) =>
      date.keys.some((key) => [...(byKey.get(key)?.values() ?? [])].some((other) => sameDate(date, other))),
  }
}

function monthOf(name: string | undefined): number {
  return MONTH_BY_NAME.get((name ?? '').toLowerCase()) ?? 0
}

function dayKey(month: number, day: number): string[] {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? [`day:${month}-${day}`] : []
}

/** Without am or pm a time before 13:00 may be either half of the day. */
function timeKey(hour: string | undefined, minute: string | undefined, half: string | undefined): string[] {
  const h = Number(hour)
  const m = Number(minute)
  if (h > 23 || m > 59) return []
  if (half) return [`time:${((h % 12) + (half.toLowerCase() === 'p' ? 12 : 0)) * 60 + m}`]
  return h >= 1 && h <= 11 ? [`time:${h * 60 + m}`, `time:${(h + 12) * 60 + m}`] : [`time:${h * 60 + m}`]
}
