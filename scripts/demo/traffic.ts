import { setTimeout as sleep } from 'node:timers/promises'
import { renderPrompt } from '../../domain/dataset/prompt.ts'
import type { Knowledge, Message } from '../../domain/dataset/transcript.ts'
import type { Access } from './access.ts'

/** Requests that are under way at once, as from a few product services. */
const CONCURRENCY = 8

export interface ProductionRequest {
  cohort: string
  messages: Message[]
  knowledge: Knowledge[]
}

export interface TrafficResult {
  requests: number
  fallbacks: number
  failed: number
}

export const NO_TRAFFIC: TrafficResult = { requests: 0, fallbacks: 0, failed: 0 }

/** Sends requests to the route as a product service would, and counts what came back. */
export async function sendTraffic(
  access: Access,
  template: string,
  requests: readonly ProductionRequest[],
  onDone: (done: number) => void,
): Promise<TrafficResult> {
  const result = { ...NO_TRAFFIC }
  let next = 0
  const client = async () => {
    while (next < requests.length) {
      const answered = await ask(access, template, requests[next++]!)
      result.requests += 1
      if (answered.fallback) result.fallbacks += 1
      if (!answered.ok) result.failed += 1
      onDone(result.requests)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, client))
  return result
}

const PROBE_EVERY_MS = 100
const MAX_WAIT_MS = 30_000

/**
 * Asks until the route's first target answers by itself again: its breaker lets a probe through now and then, and closes
 * after two good ones.
 *
 * @returns seconds that it took
 */
export async function untilBack(
  access: Access,
  template: string,
  request: ProductionRequest,
): Promise<number> {
  const started = Date.now()
  for (let inARow = 0; inARow < 3;) {
    if (Date.now() - started > MAX_WAIT_MS)
      throw new Error(`the route did not use its first target again within ${MAX_WAIT_MS / 1000} s`)
    inARow = (await ask(access, template, request)).fallback ? 0 : inARow + 1
    await sleep(PROBE_EVERY_MS)
  }
  return (Date.now() - started) / 1000
}

export async function ask(
  access: Access,
  template: string,
  { cohort, messages, knowledge }: ProductionRequest,
): Promise<{ ok: boolean; fallback: boolean; routeVersion: string | null }> {
  const { url, key } = access.as('gateway')
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'x-sluice-cohort': cohort,
    },
    body: JSON.stringify({ model: 'support', messages: renderPrompt(template, knowledge, messages) }),
  })
  const completion = (await response.json()) as { choices?: { message: { content: string } }[] }
  return {
    ok: response.ok && typeof completion.choices?.[0]?.message.content === 'string',
    fallback: response.headers.has('x-sluice-fallback-reason'),
    routeVersion: response.headers.get('x-sluice-route-version'),
  }
}

export function addTraffic(a: TrafficResult, b: TrafficResult): TrafficResult {
  return {
    requests: a.requests + b.requests,
    fallbacks: a.fallbacks + b.fallbacks,
    failed: a.failed + b.failed,
  }
}
