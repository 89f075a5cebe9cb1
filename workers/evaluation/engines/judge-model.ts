import { waitUntil } from 'cloudflare:workers'
import type { Json } from '../../../domain/json.ts'
import { classifyResponse } from '../../../domain/routing/classify.ts'
import { servingOf } from '../../../domain/routing/hosted-model.ts'
import { secretByName, type Env } from '../../env.ts'
import { callModel } from '../../routing/call-model.ts'
import { findRoute } from '../../gateway/route-table.ts'
import { FREE, judgeEndpoint, type JudgePrice } from './judge-endpoints.ts'

/** Longest wait for one answer of a route or of Workers AI. */
const TIMEOUT_MS = 60_000

/** A model that judges or embeds, however it is reached. */
export interface JudgeModel {
  /** As a suite names it. */
  endpoint: string
  model: string
  price: JudgePrice
  /** What its answers depend on beside the messages: part of the key of what is kept. */
  identity: Json
  timeoutMs: number
  /** Keys that are sent, so that an answer that repeats one is not shown. */
  keys: readonly string[]
  /** Sends a body without `model`. The answer's body has OpenAI's shape, if it is a good one. */
  call(path: ModelPath, body: Record<string, Json>, signal: AbortSignal): Promise<Response>
}
const KINDS = { '/chat/completions': 'chat', '/embeddings': 'embeddings' } as const
export type ModelPath = keyof typeof KINDS

/** The model behind `NAME` of JUDGE_ENDPOINTS, `route:NAME` or `workers-ai:MODEL`; or why there is none. */
export async function judgeModel(
  env: Env,
  project: string,
  endpoint: string,
): Promise<JudgeModel | { error: string }> {
  const [, scheme, name] = /^(route|workers-ai):(.+)$/s.exec(endpoint) ?? []
  if (scheme === 'route') return routeModel(env, project, endpoint, name!)
  if (scheme === 'workers-ai') return workersAiModel(env, endpoint, name!)
  return endpointModel(env, endpoint)
}

function endpointModel(env: Env, endpoint: string): JudgeModel | { error: string } {
  const config = judgeEndpoint(env, endpoint)
  if ('error' in config) return config
  const { url, secret, model, request, timeoutMs } = config
  const key = secret === undefined ? undefined : secretByName(env, secret)
  if (secret !== undefined && key === undefined) return { error: `the secret ${secret} is not set` }
  return {
    endpoint,
    model,
    price: config,
    identity: { url, model, request },
    timeoutMs,
    keys: key === undefined ? [] : [key],
    call: (path, body, signal) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(laidOver({ model, ...body }, request)),
        // Rows and key are for this host alone.
        redirect: 'manual',
        signal,
      }),
  }
}

/**
 * A route of the project, asked in this process. No trace is written: what a judge asks is no traffic of customers, and no
 * sweep or canary may draw it.
 */
async function routeModel(
  env: Env,
  project: string,
  endpoint: string,
  name: string,
): Promise<JudgeModel | { error: string }> {
  const { active } = await findRoute(env, { waitUntil }, project, name)
  if (!active) return { error: `there is no route ${name} to judge by` }
  const { targets } = active.spec
  return {
    endpoint,
    model: active.version,
    price: FREE,
    identity: { route: active.version },
    timeoutMs: TIMEOUT_MS * targets.length,
    keys: targets.flatMap(({ secret }) => secretByName(env, secret) ?? []),
    async call(path, body, signal) {
      for (const [index, target] of targets.entries()) {
        const isLast = index === targets.length - 1
        const patience = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
        try {
          const response = await callModel(env, target, KINDS[path], body, patience)
          const classified = classifyResponse(response.status, '')
          if (isLast || classified.answer || !classified.nextTarget) return response
          await response.body?.cancel()
        } catch (cause) {
          if (isLast) throw cause
        }
      }
      throw new TypeError('the route has no target')
    },
  }
}

function workersAiModel(env: Env, endpoint: string, model: string): JudgeModel | { error: string } {
  if (!env.AI)
    return { error: `${endpoint} needs the binding AI of Workers AI, which this Worker does not have` }
  const serving = servingOf({ provider: 'workers-ai', servedModel: model })
  return {
    endpoint,
    model,
    price: FREE,
    identity: { workersAi: model },
    timeoutMs: TIMEOUT_MS,
    keys: [],
    call: (path, body, signal) => callModel(env, serving, KINDS[path], body, signal),
  }
}

function laidOver(body: Record<string, Json>, over: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries({ ...body, ...over }).filter(([, value]) => value !== null))
}
