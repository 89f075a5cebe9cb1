import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answer, createClient } from '../../../client/sluice.ts'
import { deployRoute, type RouteToDeploy } from '../../../scripts/stack/deploy-route.ts'
import { startStackProcess } from '../../../scripts/stack/stack-process.ts'
import { startUpstream, type Upstream } from './upstream.ts'

export interface Gateway {
  baseURL: string
  /** Of scope `gateway`. */
  apiKey: string
  upstream: Upstream
  stop(): Promise<void>
}

type Provider = 'openai' | 'anthropic'

/** Targets by route, each an API and a model of the upstream. */
const ROUTES: Record<string, [Provider, string][]> = {
  chat: [['openai', 'ok']],
  claude: [['anthropic', 'ok']],
  'after-claude': [
    ['anthropic', 'down-first'],
    ['openai', 'ok'],
  ],
  'after-openai': [
    ['openai', 'down-first'],
    ['anthropic', 'ok'],
  ],
  down: [
    ['openai', 'down-1'],
    ['anthropic', 'down-2'],
  ],
  cut: [['openai', 'cut']],
  'cut-claude': [['anthropic', 'cut']],
  slow: [['openai', 'slow']],
  'slow-claude': [['anthropic', 'slow']],
  spent: [['openai', 'ok-spent']],
  // Models that FutureAGI's client asks for.
  ...Object.fromEntries(
    ['prod-model', 'e', 'gemini-2.0-flash', 'gpt-4o-mini', 'gemini-embedding-001'].map((name) => [
      name,
      [['openai', 'ok']] satisfies [Provider, string][],
    ]),
  ),
}

/** A whole stack with routes to an upstream of its own. */
export async function startGateway(): Promise<Gateway> {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-clients-'))
  const upstream = await startUpstream()
  const stack = await startStackProcess(stateDir, { vars: { UPSTREAM_KEY: 'upstream-key' } })
  const client = createClient(stack)
  await Promise.all(Object.keys(ROUTES).map((route) => deployRoute(client, routeOf(route, upstream.url))))
  const { key } = await answer(client.keys.$post({ json: { name: 'product', scopes: ['gateway'] } }))
  return {
    baseURL: `${stack.url}/v1`,
    apiKey: key,
    upstream,
    stop: async () => {
      await stack.stop()
      await upstream.stop()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

function routeOf(route: string, baseUrl: string): RouteToDeploy {
  return {
    route,
    targets: ROUTES[route]!.map(([provider, servedModel]) => ({
      provider,
      servedModel,
      baseUrl,
      secret: 'UPSTREAM_KEY',
      price: { inputPerMTok: 1, outputPerMTok: 2 },
    })),
    with: { retry: { sameTarget: 0 }, ...(route === 'spent' ? { limits: { tokensPerDay: 1 } } : {}) },
  }
}
