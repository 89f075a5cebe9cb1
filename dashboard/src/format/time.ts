const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A length of time with about three digits, in words that need no legend. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  // From here on rounding to a tenth would give 60.0 s.
  if (ms < MINUTE - 50) return `${(ms / SECOND).toFixed(ms % SECOND === 0 ? 0 : 1)} s`
  const [minutes, seconds] = [Math.floor(Math.round(ms / SECOND) / 60), Math.round(ms / SECOND) % 60]
  if (minutes < 60)
    return seconds === 0 ? `${minutes} min` : `${minutes} min ${String(seconds).padStart(2, '0')} s`
  if (ms < DAY)
    return `${Math.floor(ms / HOUR)} h ${String(Math.floor(ms / MINUTE) % 60).padStart(2, '0')} min`
  return `${(ms / DAY).toFixed(1)} days`
}

const SAME_DAY = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const OTHER_DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** A moment as short as it can be: the time today, the date with it on other days. */
export function moment(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString()
  return (isToday ? SAME_DAY : OTHER_DAY).format(at)
}

export function fullMoment(at: number): string {
  return FULL.format(at)
}

const DAY_ONLY = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

export function day(at: number): string {
  return DAY_ONLY.format(at)
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})

/** The time of day to the millisecond. */
export function clock(at: number): string {
  return CLOCK.format(at)
}

const SHORT_DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** The day without its year. */
export function shortDay(at: number): string {
  return SHORT_DAY.format(at)
}
