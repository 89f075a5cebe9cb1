import { beforeAll, expect, test } from 'vitest'
import { ask, askJson, callsOf, route } from './gateway-routes.ts'

/** How long hosts of gateway-hosts.ts take to say that they are down. */
const DOWN_MS = 60
const COOLDOWN_MS = 400
const OUTAGE_MS = 2_000
/** Until a route that was just deployed is in force. */
const IN_FORCE_MS = 1_100
/** What the issue grants beyond the cooldown. */
const GRACE_MS = 1_000
const CALLERS = 4

beforeAll(async () => {
  await route('good', ['good'])
  await ask('good')
})

interface Answered {
  sentAt: number
  endedAt: number
  status: number
  target: string | null
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Several callers without pause, until a target has answered a few times or the time is over. */
async function traffic(name: string, target: string, until: number): Promise<Answered[]> {
  const answers: Answered[] = []
  const enough = () => answers.filter((one) => one.target === target).length >= 20
  const call = async () => {
    while (Date.now() < until && !enough()) {
      const sentAt = Date.now()
      const { status, header } = await askJson(name)
      answers.push({ sentAt, endedAt: Date.now(), status, target: header('x-sluice-target') })
      await wait(10)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, call))
  return answers
}

const settings = {
  retry: { sameTarget: 0 },
  breaker: { inARow: 3, cooldownMs: COOLDOWN_MS, maxCooldownMs: COOLDOWN_MS, probes: 2 },
} as never

/** Within the cooldown and the grace, but for a time in which the machine answered nobody at all. */
function expectBackInTime(answers: readonly Answered[], target: string, upAt: number): void {
  const back = answers.find((one) => one.target === target)!.endedAt
  const ends = answers.map(({ endedAt }) => endedAt).filter((at) => at <= back)
  const pause = Math.max(...ends.map((at, i) => at - (ends[i - 1] ?? at)))
  expect(back - upAt).toBeLessThanOrEqual(COOLDOWN_MS + GRACE_MS + pause)
}

test('after an outage the primary is used again within the cooldown, found by one probe at a time', async () => {
  const upAt = Date.now() + IN_FORCE_MS + OUTAGE_MS
  const primary = `up-at-${upAt}`
  await route('recovers', [primary, 'good'], settings)
  await wait(IN_FORCE_MS)
  const answers = await traffic('recovers', primary, upAt + COOLDOWN_MS + 3 * GRACE_MS)
  expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  expectBackInTime(answers, primary, upAt)

  // The first ones failed beside each other; from then on only probes came, until it was up.
  const calls = (await callsOf('recovers', primary)).map(({ at }) => at)
  const probes = calls.filter((at) => at > calls[0]! + COOLDOWN_MS && at < upAt)
  expect(probes.length).toBeGreaterThan(0)
  expect(probes.length).toBeLessThanOrEqual(OUTAGE_MS / COOLDOWN_MS)
  for (const [i, at] of probes.entries()) if (i > 0) expect(at - probes[i - 1]!).toBeGreaterThan(DOWN_MS)
})

test('when all targets were down and one recovers, the next request is answered', async () => {
  const upAt = Date.now() + IN_FORCE_MS + OUTAGE_MS
  const [primary, second] = [`up-at-${upAt}`, `second-up-at-${upAt}`]
  await route('all-recover', [primary, second], settings)
  await wait(IN_FORCE_MS)
  const answers = await traffic('all-recover', primary, upAt + COOLDOWN_MS + 3 * GRACE_MS)
  const before = answers.filter(({ endedAt }) => endedAt < upAt)
  expect(before.length).toBeGreaterThan(0)
  expect(new Set(before.map(({ status }) => status))).toEqual(new Set([502]))
  const after = answers.filter(({ sentAt }) => sentAt >= upAt)
  expect(new Set(after.map(({ status }) => status))).toEqual(new Set([200]))
  expectBackInTime(answers, primary!, upAt)
})

test('when the last target whose breaker is closed hangs, those whose breakers are open are asked in time', async () => {
  const upAt = Date.now() + IN_FORCE_MS + OUTAGE_MS / 2
  const primary = `up-at-${upAt}`
  await route('open-helps', [primary, 'hang'], {
    retry: { sameTarget: 1, baseMs: 10, maxMs: 20 },
    breaker: { inARow: 2, cooldownMs: 60_000, maxCooldownMs: 60_000 },
  } as never)
  await wait(IN_FORCE_MS)
  expect((await askJson('open-helps')).status).not.toBe(200)
  await wait(Math.max(0, upAt - Date.now()))
  const { status, header } = await askJson('open-helps')
  expect([status, header('x-sluice-target')]).toEqual([200, primary])
})
