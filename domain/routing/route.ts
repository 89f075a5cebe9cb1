import * as z from 'zod'
import { Name, Ref } from '../ref.ts'

export const RouteTimeouts = z.object({
  /** Until the upstream's response headers. */
  headersMs: z.number().int().min(10).max(120_000).default(10_000),
  /** For the whole request, all attempts included. */
  totalMs: z.number().int().min(10).max(300_000).default(60_000),
})

export const RouteTarget = z.object({
  /** Stable name of the target within the route version. */
  id: z.string(),
  model: Ref,
  /** OpenAI-compatible base URL, ending in `/v1`. */
  baseUrl: z.url(),
  /** Model id that the endpoint knows. */
  servedModel: z.string(),
  /** Name of the Worker secret that holds the bearer key; never the key. */
  secret: z.string(),
})
export type RouteTarget = z.infer<typeof RouteTarget>

/**
 * What a route points at. The first target answers; the others are tried in order when it fails. The last one is, by
 * default, what production used before.
 */
export const RouteVersion = z.object({
  route: Name,
  targets: z.array(RouteTarget).min(1),
  prompt: Ref,
  timeouts: RouteTimeouts.prefault({}),
})
export type RouteVersion = z.infer<typeof RouteVersion>
