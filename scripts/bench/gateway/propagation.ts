import { setTimeout as sleep } from 'node:timers/promises'
import { answer } from '../../../client/sluice.ts'
import { deployRoute } from '../../stack/deploy-route.ts'
import type { LoadGenerator } from './load-generator.ts'
import { ROUTE, target, type Systems } from './systems.ts'

const CONCURRENCY = 16
const SECONDS = 6
/** Traffic before the change. */
const BEFORE_MS = 1_500

export interface Propagation {
  /** From the activation to the last answer of the version before. */
  ms: number
  /** Requests that were not answered well. */
  failed: number
}

/** Moves the route while traffic runs, once forwards and once back. */
export async function measurePropagation(
  generator: LoadGenerator,
  { systems, client, upstreamUrl }: Systems,
): Promise<Propagation[]> {
  const sluice = systems.find(({ name }) => name === 'sluice')!
  const watched = async (move: () => Promise<unknown>): Promise<Propagation> => {
    const before = (await active(client)).version
    const loaded = generator.run({
      url: sluice.jsonUrl,
      headers: sluice.headers,
      body: JSON.stringify({ model: ROUTE, messages: [{ role: 'user', content: 'Where is it?' }] }),
      holds: '"usage"',
      concurrency: CONCURRENCY,
      seconds: SECONDS,
      versions: true,
    })
    await sleep(BEFORE_MS)
    await move()
    const { version, activatedAt } = await active(client)
    const { versions, failed } = await loaded
    if (!versions[before] || !versions[version] || version === before)
      throw new Error(
        `the route moved from ${before} to ${version}; seen were ${Object.keys(versions).join(', ')}`,
      )
    return { ms: versions[before].last - activatedAt, failed }
  }
  const param = { route: ROUTE }
  return [
    await watched(() => deployRoute(client, { route: ROUTE, targets: [target(upstreamUrl, 'mock-2')] })),
    await watched(() =>
      answer(client.routes[':route'].rollback.$post({ param, json: { reason: 'measured' } })),
    ),
  ]
}

async function active(client: Systems['client']): Promise<{ version: string; activatedAt: number }> {
  const { routes } = await answer(client.routes.$get())
  return routes.find(({ route }) => route === ROUTE)!
}
