import { expect, test } from 'vitest'
import { Trigger } from '../workflow/trigger.ts'

const faults = (trigger: Record<string, unknown>) =>
  (Trigger.safeParse({ name: 't', ...trigger }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
const cron = (cron: string, timeZone = 'UTC') => faults({ on: 'cron', cron, timeZone })

test.for(['* * * * *', '*/15 8-17 * * MON-FRI', '0 0 29 2 *', '@daily', '30 2 1,15 * *'])(
  '%s is a schedule',
  (text) => expect(cron(text)).toEqual([]),
)

test.for<[string, RegExp]>([
  ['61 * * * *', /^cron: Invalid value for minute: 61$/],
  ['* * * *', /^cron: must be five fields, as in crontab\(5\).*not “\* \* \* \*”$/],
  ['0 * * * * *', /must be five fields/],
  ['2026-01-01T00:00:00', /must be five fields/],
  ['@reboot', /must be five fields/],
  ['0 0 31 2 *', /^cron: no date fits “0 0 31 2 \*”$/],
  ['soon', /must be five fields/],
])('%s is none, and why is said', ([text, message]) => {
  expect(cron(text)).toEqual([expect.stringMatching(message)])
})

test('a time zone is a name of the IANA database', () => {
  for (const zone of ['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])
    expect(cron('0 2 * * *', zone)).toEqual([])
  for (const zone of ['Europe/Atlantis', '+02:00', ''])
    expect(cron('0 2 * * *', zone)).toEqual([
      'timeZone: must be a name of the IANA time zone database, such as Europe/Berlin',
    ])
})

test('an alias trigger names an alias, since a version never moves', () => {
  expect(faults({ on: 'alias', alias: 'model:support@production' })).toEqual([])
  expect(faults({ on: 'alias', alias: `model:support@${'a'.repeat(64)}` })).toEqual([
    'alias: must be kind:name@alias: a version never moves',
  ])
  expect(faults({ on: 'alias', alias: 'support' })[0]).toBe(
    'alias: must be kind:name@version or kind:name@alias',
  )
})
