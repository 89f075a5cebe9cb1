import * as z from 'zod'
import { Json } from '../../../domain/json.ts'
import { own } from '../../../domain/own.ts'
import { BaseUrl, configuredEndpoints } from '../../endpoints/configured-endpoints.ts'
import type { Env } from '../../env.ts'

/** An entry of JUDGE_ENDPOINTS: an OpenAI-compatible endpoint, and what its tokens cost. */
const JudgeEndpoint = z.strictObject({
  /** Base URL, ending in `/v1`. */
  url: BaseUrl,
  /** Name of the Worker secret that holds the bearer key; absent for an endpoint without one. */
  secret: z.string().exactOptional(),
  model: z.string(),
  /** US dollars for a million tokens. */
  inputUsdPerMTok: z.number().min(0).default(0),
  outputUsdPerMTok: z.number().min(0).default(0),
  /** Longest wait for one answer. */
  timeoutMs: z.int().min(100).max(300_000).default(60_000),
  /** Laid over each request; null takes a field out, such as `temperature` for models that refuse it. */
  request: z.record(z.string(), Json).default({}),
})
type JudgeEndpoint = z.infer<typeof JudgeEndpoint>

export interface JudgePrice {
  inputUsdPerMTok: number
  outputUsdPerMTok: number
}

export const FREE: JudgePrice = { inputUsdPerMTok: 0, outputUsdPerMTok: 0 }

/** An endpoint by its name; or why there is none. */
export function judgeEndpoint(env: Env, name: string): JudgeEndpoint | { error: string } {
  const known = configuredEndpoints(env, 'JUDGE_ENDPOINTS', JudgeEndpoint)
  const names = Object.keys(known).join(', ') || 'none'
  return own(known, name) ?? { error: `there is no judge endpoint ${name}; JUDGE_ENDPOINTS has: ${names}` }
}

/** What the tokens of an endpoint cost; of routes and Workers AI no price is known here. */
export function judgePrice(env: Env, name: string): JudgePrice {
  return own(configuredEndpoints(env, 'JUDGE_ENDPOINTS', JudgeEndpoint), name) ?? FREE
}
