import { Cron } from 'croner'

/** A cron expression and the IANA time zone whose clock it is read by. */
export interface Schedule {
  cron: string
  timeZone: string
}

const FIVE_FIELDS = /^\s*\S+(\s+\S+){4}\s*$/
const NICKNAME = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/
/** Any moment: whether an expression has times at all does not depend on it. */
const REFERENCE = new Date(0)

/** What is wrong with an expression; nothing when it is five fields as in crontab(5) that a time fits. */
export function cronFault(cron: string): string | undefined {
  if (!FIVE_FIELDS.test(cron) && !NICKNAME.test(cron))
    return `must be five fields, as in crontab(5): minute hour day month weekday; not “${cron}”`
  try {
    return parse({ cron, timeZone: 'UTC' }).nextRun(REFERENCE) ? undefined : `no date fits “${cron}”`
  } catch (error) {
    return (error as Error).message.replace(/^CronPattern: /, '')
  }
}

/** True for a name of the IANA time zone database, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  // Offsets are no names: they know nothing of daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** First time of the schedule after a moment, in ms since the epoch. */
export function nextTime(schedule: Schedule, after: number): number | undefined {
  return parse(schedule).nextRun(new Date(after))?.getTime()
}

/** Times of the schedule after a moment, in order, without end. */
export function* timesAfter(schedule: Schedule, after: number): Generator<number, void> {
  const cron = parse(schedule)
  for (let time = cron.nextRun(new Date(after)); time; time = cron.nextRun(time)) yield time.getTime()
}

/** Last time of the schedule that is not after a moment. */
export function lastTime(schedule: Schedule, upTo: number): number | undefined {
  // The library leaves the moment itself out.
  return parse(schedule)
    .previousRuns(1, new Date(upTo + 1))[0]
    ?.getTime()
}

/**
 * Around a change of the clocks, as Vixie cron has it: a job at fixed hours runs once, at the first moment after the gap
 * where its time does not exist, and at the first of two equal times; one that repeats follows the time that passes.
 */
function parse({ cron, timeZone }: Schedule): Cron {
  return new Cron(cron, { timezone: timeZone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })
}
