import { lastTime, nextTime, timesAfter, type Schedule } from './cron.ts'

export interface CronTrigger extends Schedule {
  /** What to do about times that were missed: nothing, one start for the last of them, or one for each. */
  catchUp: 'skip' | 'latest' | 'all'
}

export interface DueTimes {
  /** Times to start a run for, oldest first, in ms since the epoch. */
  due: number[]
  /** First time that is not handled by that; nothing when the schedule has no more. */
  next: number | undefined
  /** True when `next` is due as well: there were more times than one look may start. */
  more: boolean
}

/** Older than this, a time was missed: a tick of the clock comes each minute, and may be late by one. */
export const MISSED_AFTER_MS = 2 * 60_000
/** Starts of one trigger at one look. Missed times over that are not lost, but left to the next look. */
export const MAX_STARTS_A_LOOK = 100

/**
 * What a cron trigger has to start now.
 *
 * @param next first time that was not handled yet
 * @param limit starts that this look may make
 */
export function dueTimes(
  trigger: CronTrigger,
  next: number,
  now: number,
  limit: number = MAX_STARTS_A_LOOK,
): DueTimes {
  if (next > now) return { due: [], next, more: false }
  switch (trigger.catchUp) {
    case 'skip':
      return take(trigger, Math.max(next, now - MISSED_AFTER_MS), now, limit)
    case 'latest': {
      const last = lastTime(trigger, now)
      const due = last !== undefined && last >= next ? [last] : []
      return { due, next: nextTime(trigger, now), more: false }
    }
    case 'all':
      return take(trigger, next, now, limit)
  }
}

/** First time of a trigger that is installed at a moment: nothing before it is ever due. */
export function firstDue(trigger: Schedule, installedAt: number): number | undefined {
  return nextTime(trigger, installedAt)
}

function take(schedule: Schedule, from: number, now: number, limit: number): DueTimes {
  const due: number[] = []
  for (const time of timesAfter(schedule, from - 1)) {
    if (time > now || due.length >= limit) return { due, next: time, more: time <= now }
    due.push(time)
  }
  return { due, next: undefined, more: false }
}
