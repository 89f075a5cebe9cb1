import { expect, test } from 'vitest'
import { ask } from './gateway-routes.ts'
import { deployed, hosted } from './deployments.ts'
import { get, post } from './support.ts'

interface Route {
  version: string
  previous: string | null
  targets: { id: string; role: string; share: number; gates: { gate: string; verdict: string }[] }[]
}
interface Moved {
  version: string
}
interface Record {
  model: string
  targets: { model: string; role: string; share: number }[]
}

const ROUTE = 'rollout'
const BEHAVIOUR = { stickyBy: 'header:x-customer', retry: { sameTarget: 0 } } as const
const CUSTOMERS = Array.from({ length: 40 }, (_, index) => `customer-${index}`)
const read = async () => (await get<Route>(`/api/v1/routes/${ROUTE}`)).body
const move = (how: 'canary' | 'rollback', body: object) =>
  post<Moved>(`/api/v1/routes/${ROUTE}/${how}`, { reason: 'as planned', ...body })
const compared = (params: object) => [
  { gate: 'rollback-ready', params: {} },
  { gate: 'single-change', params: {} },
  { gate: 'canary', params: { route: ROUTE, minTraces: 30, ...params } },
]

/** Who answers each customer, once the version in force is the one that is meant. */
async function answering(version: string): Promise<Map<string, string>> {
  const answeredBy = async (customer: string) => {
    const { response, header } = await ask(ROUTE, {}, { headers: { 'x-customer': customer } })
    await response.body?.cancel()
    return { version: header('x-sluice-route-version'), target: header('x-sluice-target')! }
  }
  await expect.poll(async () => (await answeredBy('nobody')).version, { timeout: 5_000 }).toBe(version)
  const sides = new Map<string, string>()
  for (const customer of CUSTOMERS) sides.set(customer, (await answeredBy(customer)).target)
  return sides
}

const tracesStored = async () => (await get<{ total: number }>(`/api/v1/routes/${ROUTE}/traces`)).body.total

test('a model goes from a few customers to all by its gates, and one call takes it back from all', async () => {
  const before = await deployed(ROUTE, [hosted(ROUTE, 'old')], BEHAVIOUR)
  const model = [hosted(ROUTE, 'new')]
  const canary = await deployed(ROUTE, model, {
    ...BEHAVIOUR,
    canary: { share: 0.3, stickyBy: 'header:x-customer' },
  })
  const [old, tried] = [before.models[0]!, canary.models[0]!]
  const isOnCanary = ([, target]: [string, string]) => tried.includes(target)
  const customersOf = (sides: Map<string, string>) => [...sides].filter(isOnCanary).map(([name]) => name)

  const few = await answering(canary.version)
  const first = customersOf(few)
  expect(first.length).toBeGreaterThan(0)
  expect(first.length).toBeLessThan(CUSTOMERS.length / 2)
  expect(await answering(canary.version)).toEqual(few)
  const { body: record } = await get<Record>(`/api/v1/routes/${ROUTE}/record`)
  expect(record).toMatchObject({
    model: tried,
    targets: [
      { model: old, role: 'live', share: 0.7 },
      { model: tried, role: 'canary', share: 0.3 },
    ],
  })

  const step = (await move('canary', { share: 0.5 })).body
  const more = customersOf(await answering(step.version))
  expect(more.length).toBeGreaterThan(first.length)
  expect(more).toEqual(expect.arrayContaining(first))
  await answering(step.version)

  // Every look at the same canary is a look at the same attempt.
  await expect.poll(tracesStored, { timeout: 20_000 }).toBeGreaterThanOrEqual(4 * CUSTOMERS.length)
  for (const _ of [1, 2])
    await expect(deployed(ROUTE, model, BEHAVIOUR, { gates: compared({}) })).rejects.toThrow(
      /stopped by canary \(inconclusive\)/,
    )
  expect((await read()).version).toBe(step.version)
  const all = await deployed(ROUTE, model, BEHAVIOUR, { gates: compared({ maxErrorIncrease: 0.4 }) })
  expect(new Set((await answering(all.version)).values())).toEqual(new Set([tried.slice(-64, -52)]))
  expect((await read()).targets).toMatchObject([
    {
      role: 'live',
      share: 1,
      gates: ['rollback-ready', 'single-change', 'canary'].map((gate) => ({ gate, verdict: 'passed' })),
    },
    { role: 'fallback', share: 0 },
  ])

  // Everybody had it, then a few, then some more: what everybody had before is what a rollback goes to.
  expect((await read()).previous).toBe(before.version)
  expect((await move('rollback', {})).body.version).toBe(before.version)
  expect(new Set((await answering(before.version)).values())).toEqual(new Set([old.slice(-64, -52)]))
  const history = async () =>
    (await get<{ deployments: { kind: string }[] }>(`/api/v1/routes/${ROUTE}/deployments`)).body.deployments
  await expect
    .poll(async () => (await history()).map(({ kind }) => kind))
    .toEqual(['rollback', 'deploy', 'canary', 'deploy', 'deploy'])
})
