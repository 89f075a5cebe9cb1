import { expect } from 'vitest'
import { sha256Hex } from '../../domain/hash.ts'
import { RouteVersion, type RouteTarget } from '../../domain/routing/route.ts'
import type { SpanMessage } from '../../workers/ingest/spans.ts'
import { readNdjson } from '../../workers/registry/ndjson.ts'
import { ADMIN_KEY, env, request } from './support.ts'

/** A target at BEHAVIOUR.gw.test. Each route's own model keeps its breakers apart from those of other tests. */
export function target(route: string, behaviour: string, more: Partial<RouteTarget> = {}): RouteTarget {
  return {
    id: behaviour,
    model: `model:m@${'a'.repeat(64)}`,
    baseUrl: `http://${behaviour}.gw.test/v1`,
    servedModel: `served-${route}`,
    secret: 'GPU_ENDPOINT_KEY',
    ...more,
  }
}

export type Behaviour = string | (Partial<RouteTarget> & { id: string })

/** Points a route of the default project at upstreams of gateway-hosts.ts, by their behaviour. */
export async function route(
  name: string,
  behaviours: readonly Behaviour[],
  more: Partial<Omit<RouteVersion, 'timeouts'>> & { timeouts?: Partial<RouteVersion['timeouts']> } = {},
): Promise<void> {
  const targets = behaviours.map((one) =>
    typeof one === 'string' ? target(name, one) : target(name, one.id, one),
  )
  const spec = RouteVersion.parse({
    route: name,
    targets,
    prompt: `prompt:p@${'b'.repeat(64)}`,
    retry: { baseMs: 10, maxMs: 20 },
    ...more,
    timeouts: { headersMs: 300, firstChunkMs: 300, totalMs: 2_000, ...more.timeouts },
  })
  const answer = await env.ROUTE_REGISTRY.getByName('default').activate({
    project: 'default',
    route: name,
    expect: null,
    version: `route:${name}@${sha256Hex(name)}`,
    spec,
    fence: 1,
    kind: 'deploy',
    actor: 'test',
    runId: null,
    reason: 'test',
  })
  if (!answer.ok) throw new Error(answer.detail)
}

export interface Completion {
  choices?: { message: { content: string }; text?: string }[]
  data?: { embedding: number[] }[]
  error?: { message: string; type: string; param: string | null; code: string }
}

export const QUESTION = [{ role: 'user', content: 'Where is it?' }]
let traces = 0

/** Asks a route; answers with the id of the trace that this leaves. */
export async function ask(
  model: string,
  body: Record<string, unknown> = {},
  {
    headers = {},
    path = '/v1/chat/completions',
    key = ADMIN_KEY,
  }: { headers?: Record<string, string>; path?: string; key?: string } = {},
) {
  const traceId = (++traces).toString(16).padStart(32, 'a')
  const response = await request(path, {
    method: 'POST',
    key,
    headers: { traceparent: `00-${traceId}-${'d'.repeat(16)}-01`, ...headers },
    body: JSON.stringify({
      model,
      ...(path === '/v1/chat/completions' ? { messages: QUESTION } : {}),
      ...body,
    }),
  })
  return { traceId, response, header: (name: string) => response.headers.get(name) }
}

export async function askJson(...args: Parameters<typeof ask>) {
  const asked = await ask(...args)
  return { ...asked, status: asked.response.status, body: (await asked.response.json()) as Completion }
}

/** A stream's text, and its events' data. */
export async function askStream(model: string, body: Record<string, unknown> = {}) {
  const asked = await ask(model, { stream: true, ...body })
  const text = await asked.response.text()
  const data = text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []))
  return { ...asked, status: asked.response.status, text, data }
}

/** The span of a trace, once it is stored. */
export async function spanOf(traceId: string): Promise<SpanMessage> {
  const read = () =>
    env.LINEAGE.prepare('SELECT object_key FROM traces WHERE trace_id = ?')
      .bind(traceId)
      .first<{ object_key: string }>()
  await expect.poll(read, { timeout: 10_000 }).not.toBeNull()
  const spans = await readNdjson<SpanMessage>(env.ARTIFACTS, (await read())!.object_key)
  return spans.find((one) => one.traceId === traceId)!
}

/** How often a host was asked by a route, and when. */
export async function callsOf(routeName: string, behaviour: string): Promise<{ body: string; at: number }[]> {
  const calls = (await (await fetch('http://calls.test/')).json()) as {
    host: string
    body: string
    at: number
  }[]
  return calls.filter(
    ({ host, body }) => host === `${behaviour}.gw.test` && body.includes(`"served-${routeName}"`),
  )
}
