import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { answer, createClient } from '../../client/sluice.ts'
import { seededIndex } from '../../domain/statistics/random.ts'
import { deployRoute, type RouteToDeploy } from '../../scripts/stack/deploy-route.ts'
import { startStackProcess, type StackProcess } from '../../scripts/stack/stack-process.ts'
import { startModelEndpoint, type ModelEndpoint } from './faults/start-model-endpoint.ts'

const REQUESTS = 10_000
const CONCURRENCY = 16
/** How long after a change the last request on the version before may begin: the hard bound; the aim is 1 s. */
const MAX_PROPAGATION_MS = 2_000
const COOLDOWN_MS = 1_000
const seed = Date.now() % 1_000_000
const random = seededIndex(seed)

const stateDir = mkdtempSync(join(tmpdir(), 'sluice-kill-'))
let stack: StackProcess
let primary: ModelEndpoint
let secondary: ModelEndpoint

beforeAll(async () => {
  ;[primary, secondary, stack] = await Promise.all([
    startModelEndpoint('primary'),
    startModelEndpoint('secondary'),
    startStackProcess(stateDir, { vars: { UPSTREAM_KEY: 'upstream-key' } }),
  ])
  await deployRoute(client(), route('held', { commit: 'complete' }))
  await deployRoute(client(), route('held', { commit: 'complete' }, { chunkMs: 5_000 }))
  await deployRoute(client(), route('passed', {}))
})
afterAll(async () => {
  await stack?.stop()
  await Promise.all([primary?.kill(), secondary?.kill()])
  rmSync(stateDir, { recursive: true, force: true })
})

const client = () => createClient(stack)

function route(
  name: string,
  more: NonNullable<RouteToDeploy['with']>,
  timeouts: { chunkMs?: number } = {},
): RouteToDeploy {
  const target = (servedModel: string, { baseUrl }: ModelEndpoint) => ({
    servedModel,
    baseUrl,
    secret: 'UPSTREAM_KEY',
  })
  return {
    route: name,
    targets: [target(`${name}-1`, primary), target(`${name}-2`, secondary)],
    with: {
      breaker: { cooldownMs: COOLDOWN_MS },
      timeouts: { headersMs: 2_000, totalMs: 20_000, ...timeouts },
      ...more,
    },
  }
}

interface Seen {
  startedAt: number
  version: string | null
  /** Who answered; what went wrong otherwise. */
  by: string
  how: 'answered' | 'told' | 'failed'
}

async function ask(model: string, stream: boolean): Promise<Seen> {
  const startedAt = Date.now()
  try {
    const response = await fetch(`${stack.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: 'Where is it?' }] }),
    })
    const version = response.headers.get('x-sluice-route-version')
    const text = await response.text()
    const by = /"content":"(primary|secondary) /.exec(text)?.[1] ?? text
    const whole = stream ? text.endsWith('data: [DONE]\n\n') && text.includes('answers') : text.endsWith('}')
    if (response.status === 200 && whole && by !== text) return { startedAt, version, by, how: 'answered' }
    const told = response.status === 200 && text.includes('"code":"upstream_stream_error"')
    return { startedAt, version, by: `${response.status} ${text}`, how: told ? 'told' : 'failed' }
  } catch (error) {
    return { startedAt, version: null, by: String(error), how: 'failed' }
  }
}

/** Asks until all are answered, and does what is due after so many requests; without waiting for it. */
async function traffic(due: readonly { after: number; act: () => Promise<void> }[]): Promise<Seen[]> {
  const seen: Seen[] = []
  const acts: Promise<void>[] = []
  let asked = 0
  const worker = async () => {
    while (asked < REQUESTS) {
      const i = asked++
      for (const { after, act } of due) if (after === i) acts.push(act())
      const kind = i % 10
      seen.push(await ask(kind === 9 ? 'passed' : 'held', kind >= 7))
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  await Promise.all(acts)
  return seen
}

const between = (from: number, to: number) => from + random(to - from)

test('of 10,000 requests none fails when the primary is killed, and when its route is rolled back', async () => {
  const changes: { to: string; at: number }[] = []
  const activated = async () => {
    const { routes } = await answer(client().routes.$get())
    const { version, activatedAt } = routes.find((one) => one.route === 'held')!
    changes.push({ to: version, at: activatedAt })
  }
  const killAfter = between(1_000, 3_000)
  const due = [
    {
      after: killAfter,
      async act() {
        await primary.kill()
        await sleep(between(1_000, 2_000))
        primary = await startModelEndpoint('primary', primary.port)
      },
    },
    {
      after: between(5_000, 6_000),
      async act() {
        const rollback = client().routes[':route'].rollback
        await answer(rollback.$post({ param: { route: 'held' }, json: { reason: 'test' } }))
        await activated()
      },
    },
    {
      after: between(7_000, 8_000),
      async act() {
        await deployRoute(client(), route('held', { commit: 'complete' }, { chunkMs: 6_000 }))
        await activated()
      },
    },
  ]
  const started = Date.now()
  const seen = await traffic(due)
  const seconds = (Date.now() - started) / 1000
  console.log(
    `seed ${seed}: killed after ${killAfter} requests, ${REQUESTS} in ${seconds.toFixed(1)} s; ` +
      `${seen.filter(({ how }) => how === 'told').length} streams that had begun ended with an error event; ` +
      `${seen.filter(({ by }) => by === 'secondary').length} answered by the secondary`,
  )
  expect(seen).toHaveLength(REQUESTS)
  expect(seen.filter(({ how }) => how === 'failed')).toEqual([])
  // Only what is passed on as it comes can have begun: at most what was on its way then.
  expect(seen.filter(({ how }) => how === 'told').length).toBeLessThanOrEqual(CONCURRENCY)
  expect(seen.filter(({ by }) => by === 'secondary').length).toBeGreaterThan(0)

  // Two changes, each in force everywhere soon.
  expect(changes).toHaveLength(2)
  const held = seen.filter(({ version }) => version?.startsWith('route:held@'))
  for (const { to, at } of changes) {
    const late = held.filter(
      ({ version, startedAt }) => startedAt > at && version !== to && !laterThan(changes, to, version),
    )
    const propagationMs = Math.max(0, ...late.map(({ startedAt }) => startedAt - at))
    console.log(`${to.slice(0, 20)}: the last request on the version before ${propagationMs} ms after`)
    expect(propagationMs).toBeLessThanOrEqual(MAX_PROPAGATION_MS)
  }

  // The primary is used again.
  await expect
    .poll(async () => (await ask('held', false)).by, { timeout: COOLDOWN_MS + 10_000, interval: 200 })
    .toBe('primary')
  await sleep(500)
  const after = await Promise.all(Array.from({ length: 20 }, () => ask('held', false)))
  expect(after.map(({ by }) => by)).toEqual(Array.from({ length: 20 }, () => 'primary'))
}, 120_000)

/** Whether a version came after another one. */
function laterThan(changes: readonly { to: string }[], than: string, version: string | null): boolean {
  const place = (one: string | null) => changes.findIndex(({ to }) => to === one)
  return place(version) > place(than)
}
