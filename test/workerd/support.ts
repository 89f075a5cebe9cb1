import { exports } from 'cloudflare:workers'
import { env as bound } from 'cloudflare:workers'
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

export interface Problem {
  code: string
  detail: string
  row?: number
  field?: string
  limit?: number
}
