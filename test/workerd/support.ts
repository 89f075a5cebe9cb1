import { exports } from 'cloudflare:workers'
import { env as bound } from 'cloudflare:workers'
import { sha256Hex } from '../../domain/hash.ts'
import type { Env } from '../../workers/env.ts'

export const env = bound as unknown as Env
export const ADMIN_KEY = 'sk_sluice_test_admin'

/** A request to the Worker, as a client would send it. */
export function request(
  path: string,
  { key = ADMIN_KEY, ...init }: RequestInit & { key?: string | null } = {},
): Promise<Response> {
  const headers = new Headers(init.headers)
  if (key !== null) headers.set('authorization', `Bearer ${key}`)
  const worker = (exports as unknown as { default: Fetcher }).default
  return worker.fetch(`http://sluice.test${path}`, { ...init, headers })
}

export async function post<T>(
  path: string,
  body: unknown,
  init: RequestInit & { key?: string | null } = {},
): Promise<{ status: number; body: T }> {
  const headers = {
    'content-type': 'application/json',
    ...(init.headers as Record<string, string> | undefined),
  }
  const response = await request(path, { method: 'POST', body: JSON.stringify(body), ...init, headers })
  return { status: response.status, body: (await response.json()) as T }
}

export async function get<T>(
  path: string,
  init: RequestInit & { key?: string | null } = {},
): Promise<{ status: number; body: T }> {
  const response = await request(path, init)
  return { status: response.status, body: (await response.json()) as T }
}

/** A key with these scopes; in another project, it is put where the API of that project would have put it. */
export async function makeKey(
  scopes: string[],
  project = 'default',
): Promise<{ keyId: string; key: string }> {
  const { body } = await post<{ keyId: string; key: string }>('/api/v1/keys', { name: scopes.join(), scopes })
  await env.LINEAGE.prepare('UPDATE api_keys SET project_id = ? WHERE key_id = ?')
    .bind(project, body.keyId)
    .run()
  return body
}

/** An NDJSON file as a dataset version; answers its ref. */
export async function ingestRows(name: string, rows: unknown[]): Promise<string> {
  const response = await request(`/api/v1/datasets/${name}/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
  })
  return ((await response.json()) as { ref: string }).ref
}

/** Points a new route of the default project at model endpoints of the world outside. */
export async function activateRoute(route: string, hosts: string[]): Promise<void> {
  const targets = hosts.map((host) => ({
    id: host,
    model: `model:m@${'a'.repeat(64)}`,
    baseUrl: `http://${host}/v1`,
    servedModel: 'm-1',
    secret: 'GPU_ENDPOINT_KEY',
  }))
  const timeouts = { headersMs: 300, totalMs: 2_000 }
  const answer = await env.ROUTE_REGISTRY.getByName('default').activate({
    project: 'default',
    route,
    expect: null,
    version: `route:${route}@${sha256Hex(route)}`,
    spec: { route, targets, prompt: `prompt:p@${'b'.repeat(64)}`, timeouts },
    fence: 1,
    kind: 'deploy',
    actor: 'test',
    runId: null,
    reason: 'test',
  })
  if (!answer.ok) throw new Error(answer.detail)
}

export interface Problem {
  code: string
  detail: string
  row?: number
  field?: string
  limit?: number
}
