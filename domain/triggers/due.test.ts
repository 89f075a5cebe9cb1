import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { timesAfter, type Schedule } from './cron.ts'
import { dueTimes, firstDue, MAX_STARTS_A_LOOK, type CronTrigger } from './due.ts'

const at = (text: string) => Date.parse(text)
const iso = (times: number[]) => times.map((time) => new Date(time).toISOString().replace(':00.000Z', 'Z'))
const nightly: CronTrigger = { cron: '30 2 * * *', timeZone: 'Europe/Berlin', catchUp: 'all' }

/** Every time of the schedule in a span, from its first time on. */
function timesBetween(schedule: Schedule, from: string, to: string): string[] {
  const found = []
  for (const time of timesAfter(schedule, at(from) - 1)) {
    if (time > at(to)) break
    found.push(time)
  }
  return iso(found)
}

test('a time that does not exist when the clocks go forward is made up for once, at the first moment after the gap', () => {
  expect(timesBetween(nightly, '2026-03-28T00:00Z', '2026-03-30T23:00Z')).toEqual([
    '2026-03-28T01:30Z',
    '2026-03-29T01:00Z',
    '2026-03-30T00:30Z',
  ])
})

test('a time that comes twice when the clocks go back starts one run, at the first of the two', () => {
  expect(timesBetween(nightly, '2026-10-24T00:00Z', '2026-10-26T23:00Z')).toEqual([
    '2026-10-24T00:30Z',
    '2026-10-25T00:30Z',
    '2026-10-26T01:30Z',
  ])
})

test('a schedule that repeats follows the time that passes, not the clock', () => {
  const halfHourly = { cron: '*/30 * * * *', timeZone: 'Europe/Berlin' }
  expect(timesBetween(halfHourly, '2026-03-29T00:30Z', '2026-03-29T02:00Z')).toHaveLength(4)
  expect(timesBetween(halfHourly, '2026-10-25T00:00Z', '2026-10-25T02:00Z')).toHaveLength(5)
})

test('what was missed is skipped, started once, or started each', () => {
  const hourly = { cron: '0 * * * *', timeZone: 'UTC' }
  const look = (catchUp: CronTrigger['catchUp'], now: string) => {
    const { due, next, more } = dueTimes({ ...hourly, catchUp }, at('2026-11-26T09:00Z'), at(now))
    expect([next, more]).toEqual([at('2026-11-26T13:00Z'), false])
    return iso(due)
  }
  expect(look('skip', '2026-11-26T12:30Z')).toEqual([])
  expect(look('skip', '2026-11-26T12:01Z')).toEqual(['2026-11-26T12:00Z'])
  expect(look('latest', '2026-11-26T12:30Z')).toEqual(['2026-11-26T12:00Z'])
  expect(look('all', '2026-11-26T12:30Z')).toEqual([
    '2026-11-26T09:00Z',
    '2026-11-26T10:00Z',
    '2026-11-26T11:00Z',
    '2026-11-26T12:00Z',
  ])
})

test('one look makes a limited number of starts, says so, and leaves the rest to the next', () => {
  const minutely: CronTrigger = { cron: '* * * * *', timeZone: 'UTC', catchUp: 'all' }
  const start = at('2026-11-26T00:00Z')
  const first = dueTimes(minutely, start, start + 149 * 60_000)
  expect([first.due.length, first.more]).toEqual([MAX_STARTS_A_LOOK, true])
  const second = dueTimes(minutely, first.next!, start + 149 * 60_000)
  expect([second.due.length, second.more, second.due[0]]).toEqual([50, false, first.next])
})

const schedule = fc.record({
  cron: fc.constantFrom(
    '* * * * *',
    '*/7 * * * *',
    '0 * * * *',
    '30 2 * * *',
    '15 0-3 * * *',
    '0 2,14 * * 1-5',
    '59 23 28-31 * *',
    '0 0 1 * *',
    '0 3 * * SUN',
  ),
  timeZone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  ),
})
/** Within three days of a change of the clocks somewhere, or any day of a year. */
const moment = fc.oneof(
  fc.integer({ min: at('2026-03-26T00:00Z'), max: at('2026-04-07T00:00Z') }),
  fc.integer({ min: at('2026-10-02T00:00Z'), max: at('2026-11-04T00:00Z') }),
  fc.integer({ min: at('2026-01-01T00:00Z'), max: at('2026-12-31T00:00Z') }),
)
const HOUR_MS = 3_600_000

/** Looks until nothing is due, as the minutes do. */
function drain(trigger: CronTrigger, next: number | undefined, now: number) {
  const fired: number[] = []
  for (let more = true; more && next !== undefined;) {
    const look = dueTimes(trigger, next, now, 7)
    fired.push(...look.due)
    ;({ next, more } = look)
  }
  return { fired, next }
}

test('each time is fired once, in order, never before the installation, however the looks are spread', () => {
  fc.assert(
    fc.property(
      schedule,
      moment,
      fc.array(fc.integer({ min: 0, max: 5 * HOUR_MS }), { minLength: 1, maxLength: 6 }),
      (schedule, installed, pauses) => {
        const trigger: CronTrigger = { ...schedule, catchUp: 'all' }
        const end = installed + pauses.reduce((sum, pause) => sum + pause, 0)
        const once = drain(trigger, firstDue(trigger, installed), end)
        let now = installed
        let next = firstDue(trigger, installed)
        const fired: number[] = []
        for (const pause of pauses) {
          now += pause
          const looked = drain(trigger, next, now)
          fired.push(...looked.fired)
          next = looked.next
        }
        expect(fired).toEqual(once.fired)
        expect(next).toBe(once.next)
        expect(fired).toEqual([...new Set(fired)].toSorted((a, b) => a - b))
        expect(fired.every((time) => time > installed && time <= end)).toBe(true)
        expect(next! > end).toBe(true)
      },
    ),
    { numRuns: 200 },
  )
})

test('to skip or to start the latest leaves the schedule where starting all leaves it', () => {
  fc.assert(
    fc.property(schedule, moment, fc.integer({ min: 0, max: 30 * HOUR_MS }), (schedule, installed, pause) => {
      const now = installed + pause
      const next = firstDue(schedule, installed)
      const all = drain({ ...schedule, catchUp: 'all' }, next, now)
      const latest = dueTimes({ ...schedule, catchUp: 'latest' }, next!, now)
      const skip = dueTimes({ ...schedule, catchUp: 'skip' }, next!, now)
      expect(latest.due).toEqual(all.fired.slice(-1))
      expect(skip.due).toEqual(all.fired.filter((time) => time >= now - 120_000))
      expect([latest.next, skip.next]).toEqual([all.next, all.next])
    }),
    { numRuns: 200 },
  )
})
