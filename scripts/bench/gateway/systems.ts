import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '../../../client/sluice.ts'
import { deployRoute } from '../../stack/deploy-route.ts'
import { startStackProcess } from '../../stack/stack-process.ts'
import { startServer } from '../child-process.ts'
import { startLiteLlm } from '../peers/litellm.ts'
import { startPortkey } from '../peers/portkey.ts'

export const ROUTE = 'bench'
const MODEL = 'mock-1'
const CHAT = '/chat/completions'

/** Something that answers chats by way of the mock endpoint, or the endpoint itself. */
export interface System {
  name: 'direct' | 'floor' | 'sluice' | 'portkey' | 'litellm'
  /** Its processor time and memory are those of this process and what is below it, as `usedBy` says. */
  pid: number
  jsonUrl: string
  /** Where another one is the floor of streams. */
  sseUrl: string
  headers: Record<string, string>
  model: string
  /** What it does behind the answers goes on for so long: it is not to meet the next system's load. */
  settleMs: number
}

export interface Systems {
  systems: System[]
  /** The API of the stack, for changes of the route under load. */
  client: ReturnType<typeof createClient>
  upstreamUrl: string
  notRun: string[]
  stop(): Promise<void>
}

/** Spans are gathered for 0.1 s, and the queue waits up to 1 s for a batch of them. */
const SETTLE_MS = 1_300

/** All of them on one mock endpoint, each in processes of its own. */
export async function startSystems(): Promise<Systems> {
  const stops: (() => unknown)[] = []
  const stop = async () => {
    for (const one of stops.toReversed()) await one()
  }
  try {
    const upstream = await startServer(join(import.meta.dirname, 'upstream.ts'))
    stops.push(upstream.stop)
    const floor = await startServer(join(import.meta.dirname, 'floor.ts'), [upstream.url])
    stops.push(floor.stop)
    const { url, key, pid } = await startSluice(stops)
    const client = createClient({ url, key })
    const upstreamUrl = `${upstream.url}/v1`
    await deployRoute(client, { route: ROUTE, targets: [target(upstreamUrl)] })
    const [portkey, litellm] = [
      await startPortkey(),
      await startLiteLlm({ model: MODEL, baseUrl: upstreamUrl }),
    ]
    const peers = [portkey, litellm]
    for (const peer of peers) if ('stop' in peer) stops.push(peer.stop)
    const common = { headers: {}, model: MODEL, settleMs: 0 }
    const at = (base: string) => ({ jsonUrl: `${base}${CHAT}`, sseUrl: `${base}${CHAT}` })
    const config = JSON.stringify({ provider: 'openai', api_key: 'none', custom_host: upstreamUrl })
    const headers = { authorization: `Bearer ${key}` }
    const systems: System[] = [
      { ...common, name: 'direct', pid: upstream.pid, ...at(upstreamUrl) },
      {
        ...common,
        name: 'floor',
        pid: floor.pid,
        jsonUrl: `${floor.url}/hono/v1${CHAT}`,
        sseUrl: `${floor.url}/plain/v1${CHAT}`,
      },
      { name: 'sluice', pid, ...at(`${url}/v1`), headers, model: ROUTE, settleMs: SETTLE_MS },
    ]
    if ('pid' in portkey)
      systems.push({
        ...common,
        name: 'portkey',
        pid: portkey.pid,
        ...at(portkey.baseUrl),
        headers: { 'x-portkey-config': config },
      })
    if ('pid' in litellm)
      systems.push({ ...common, name: 'litellm', pid: litellm.pid, ...at(litellm.baseUrl) })
    const notRun = peers.flatMap((peer) => ('notRun' in peer ? [peer.notRun] : []))
    return { systems, client, upstreamUrl, notRun, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** `npm start`, as a user runs it: keys, telemetry, queues and storage are all there. */
async function startSluice(stops: (() => unknown)[]) {
  const stateDir = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  stops.push(() => rmSync(stateDir, { recursive: true, force: true }))
  const stack = await startStackProcess(stateDir)
  stops.push(stack.stop)
  return stack
}

/** Another `model` makes another version of the route, answered by the same endpoint. */
export function target(upstreamUrl: string, model = MODEL) {
  return { baseUrl: upstreamUrl, servedModel: model, secret: 'GPU_ENDPOINT_KEY' }
}
