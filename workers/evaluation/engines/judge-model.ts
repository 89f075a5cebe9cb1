import { waitUntil } from 'cloudflare:workers'
import * as z from 'zod'
import { Json } from '../../../domain/json.ts'
import { own } from '../../../domain/own.ts'
import { outcomeOf } from '../../../domain/routing/outcome.ts'
import { secretByName, type Env } from '../../env.ts'
import { callModel } from '../../routing/call-model.ts'
import { findRoute } from '../../routing/route-table.ts'

/** An entry of JUDGE_ENDPOINTS: an OpenAI-compatible endpoint, and what its tokens cost. */
const JudgeEndpoint = z.strictObject({
  /** Base URL, ending in `/v1`. */
  url: z.url(),
  /** Name of the Worker secret that holds the bearer key; absent for an endpoint without one. */
  secret: z.string().exactOptional(),
  model: z.string(),
  /** US dollars for a million tokens. */
  inputUsdPerMTok: z.number().min(0).default(0),
  outputUsdPerMTok: z.number().min(0).default(0),
  /** Laid over each request; null takes a field out, such as `temperature` for models that refuse it. */
  request: z.record(z.string(), Json).default({}),
})

export interface JudgePrice {
  inputUsdPerMTok: number
  outputUsdPerMTok: number
}

/** A model that judges or embeds, however it is reached. */
export interface JudgeModel {
  /** As a suite names it. */
  endpoint: string
  model: string
  price: JudgePrice
  /** What its answers depend on beside the messages: part of the key of what is kept. */
  identity: Json
  /** Sends a body without `model`. The answer's body has OpenAI's shape, if it is a good one. */
  call(path: ModelPath, body: Record<string, Json>, signal: AbortSignal): Promise<Response>
}
export type ModelPath = '/chat/completions' | '/embeddings'

const FREE: JudgePrice = { inputUsdPerMTok: 0, outputUsdPerMTok: 0 }

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

/** What the tokens of an endpoint cost; of routes and Workers AI no price is known here. */
export function judgePrice(env: Env, endpoint: string): JudgePrice {
  const config = own(endpoints(env), endpoint)
  return config ?? FREE
}

function endpointModel(env: Env, endpoint: string): JudgeModel | { error: string } {
  const known = endpoints(env)
  const config = own(known, endpoint)
  if (!config) {
    const names = Object.keys(known).join(', ') || 'none'
    return { error: `there is no judge endpoint ${endpoint}; JUDGE_ENDPOINTS has: ${names}` }
  }
  const { url, secret, model, request } = config
  const key = secret === undefined ? undefined : secretByName(env, secret)
  if (secret !== undefined && key === undefined) return { error: `the secret ${secret} is not set` }
  return {
    endpoint,
    model,
    price: config,
    identity: { url, model, request },
    call: (path, body, signal) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        },
        body: JSON.stringify(laidOver({ model, ...body }, request)),
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
  return {
    endpoint,
    model: active.version,
    price: FREE,
    identity: { route: active.version },
    async call(path, body, signal) {
      let last = new Response('the route has no target', { status: 502 })
      for (const target of active.spec.targets) {
        const sent = JSON.stringify({ model: target.servedModel, ...body })
        last = await callModel(env, target, path, sent, signal)
        if (outcomeOf(last.status) === 'answer') return last
      }
      return last
    },
  }
}

function workersAiModel(env: Env, endpoint: string, model: string): JudgeModel | { error: string } {
  const { AI } = env
  if (!AI) return { error: `${endpoint} needs the binding AI of Workers AI, which this Worker does not have` }
  return {
    endpoint,
    model,
    price: FREE,
    identity: { workersAi: model },
    async call(path, body, signal) {
      const run = (inputs: Record<string, unknown>) => Promise.race([AI.run(model, inputs), aborted(signal)])
      if (path === '/embeddings') {
        const { data } = (await run({ text: body.input })) as { data?: number[][] }
        return Response.json({ data: (data ?? []).map((embedding, index) => ({ index, embedding })) })
      }
      // Workers AI takes the bare schema where OpenAI takes an envelope around it.
      const { json_schema } = body.response_format as { json_schema: { schema: Json } }
      const asked = { ...body, response_format: { type: 'json_schema', json_schema: json_schema.schema } }
      const { response, usage } = (await run(asked)) as { response?: Json; usage?: Json }
      const content = typeof response === 'string' ? response : JSON.stringify(response ?? '')
      return Response.json({ choices: [{ message: { content } }], ...(usage ? { usage } : {}) })
    },
  }
}

/** Rejects when the signal does: the binding takes none. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  )
}

function endpoints(env: Env) {
  return z.record(z.string(), JudgeEndpoint).parse(JSON.parse(env.JUDGE_ENDPOINTS ?? '{}'))
}

function laidOver(body: Record<string, Json>, over: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(Object.entries({ ...body, ...over }).filter(([, value]) => value !== null))
}
