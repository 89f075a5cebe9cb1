import * as z from 'zod'
import { Json } from '../json.ts'
import { Name, Ref } from '../ref.ts'

const Ms = z.number().int().min(10).max(300_000)
export const Share = z.number().min(0).max(1)

export const RouteTimeouts = z.strictObject({
  /**
   * Until the upstream's response headers. Absent: 10 s of a stream, and half of what is left of the total for another
   * answer, whose headers come when it is whole.
   */
  headersMs: Ms.max(120_000).exactOptional(),
  /**
   * From the headers to the first byte of a stream, or to the end of another answer; absent as `headersMs`. The last target
   * gets as long as the total allows.
   */
  firstChunkMs: Ms.max(120_000).exactOptional(),
  /**
   * Between two chunks of a stream. When absent unlimited; 15 s while the answer is held back and another target may still
   * give it.
   */
  chunkMs: Ms.exactOptional(),
  /** For the whole request, all attempts included. */
  totalMs: Ms.default(60_000),
})

/** APIs that a target may speak. */
export const PROVIDERS = ['openai', 'anthropic', 'workers-ai'] as const

/** Where a model version answers. */
export const Serving = z.object({
  /** OpenAI's API when absent. */
  provider: z.enum(PROVIDERS).exactOptional(),
  /** Base URL, ending in `/v1`. Ignored by Workers AI, which is a binding. */
  baseUrl: z.url(),
  /** Model id that the endpoint knows. */
  servedModel: z.string(),
  /** Name of the Worker secret that holds the key; never the key. */
  secret: z.string(),
  /** Dollars a million tokens; what an answer costs is not known without. */
  price: z.object({ inputPerMTok: z.number().min(0), outputPerMTok: z.number().min(0) }).exactOptional(),
  /** Tokens that fit: a request that was too long elsewhere is only tried where more fit. */
  contextTokens: z.number().int().positive().exactOptional(),
})
export type Serving = z.infer<typeof Serving>

/** Share of the traffic among the targets that stand first, by weight: 0 means that it only steps in. */
export const Weight = z.number().min(0).max(1_000_000)

export const RouteTarget = Serving.extend({
  /** Stable name of the target within the route version. */
  id: z.string(),
  model: Ref,
  weight: Weight.exactOptional(),
})
export type RouteTarget = z.infer<typeof RouteTarget>

export const Retry = z.strictObject({
  /** Further tries of the same target before the next one is asked. */
  sameTarget: z.number().int().min(0).max(5).default(1),
  /** Full jitter between 0 and `baseMs · 2^n`, at most `maxMs`. */
  baseMs: z.number().int().min(1).max(10_000).default(250),
  maxMs: z.number().int().min(1).max(30_000).default(2_000),
  /** A `Retry-After` up to here is waited for on the same target; a longer one sends the request on. */
  honourRetryAfterMs: z.number().int().min(0).max(60_000).default(3_000),
})

export type Retry = z.infer<typeof Retry>
/** Of a route that says nothing of retries. */
export const DEFAULT_RETRY: Retry = Retry.parse({})

export const Breaker = z.strictObject({
  /** Rolling window of outcomes. */
  windowMs: z.number().int().min(1_000).max(300_000).default(10_000),
  minRequests: z.number().int().min(1).default(20),
  /** Opens at this share of failures in the window, or at so many in a row. */
  errorRate: Share.default(0.5),
  inARow: z.number().int().min(1).default(5),
  /** Opens when this share of the answers in the window took longer than `slowMs`; absent means latency does not count. */
  slowMs: Ms.exactOptional(),
  slowRate: Share.default(0.5),
  /** Closed again after a probe; each further failure of a probe doubles the wait, up to `maxCooldownMs`. */
  cooldownMs: z.number().int().min(100).max(300_000).default(5_000),
  /** So late, at most, is a target used again that is well again. */
  maxCooldownMs: z.number().int().min(100).max(3_600_000).default(15_000),
  /** Good probes, one at a time, that close it. */
  probes: z.number().int().min(1).max(20).default(2),
})

export type Breaker = z.infer<typeof Breaker>
/** Of a route that says nothing of its breakers. */
export const DEFAULT_BREAKER: Breaker = Breaker.parse({})

/** How users are told apart, so that each stays on one side of a split. */
export const StickyBy = z.union([
  z.literal('user'),
  z.literal('none'),
  z
    .string()
    .regex(/^(?:header|metadata):[A-Za-z0-9_.-]{1,64}$/, 'must be user, none, header:NAME or metadata:NAME'),
])
export type StickyBy = z.infer<typeof StickyBy>

/** Most of the users that a canary may have: who answers the majority went through the gates of a deployment to all. */
export const MAX_CANARY_SHARE = 0.5

export const Canary = z.strictObject({
  target: RouteTarget,
  /** Share of users, or of requests where nothing tells users apart. */
  share: Share,
  stickyBy: StickyBy.default('user'),
})

export const MAX_RULES = 50

/** Requests whose metadata match are answered by a target that the rule names, the others falling back behind it. */
export const Rule = z.strictObject({
  /** Values by name of metadata (`x-sluice-metadata`, or the request's `metadata`); all must match. */
  when: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])),
  target: z.string(),
})
export type Rule = z.infer<typeof Rule>

export const Limits = z.strictObject({
  /** A key, in a rolling minute. */
  requestsPerMinute: z.number().int().positive().exactOptional(),
  tokensPerMinute: z.number().int().positive().exactOptional(),
  /** The route, in a calendar day (UTC). */
  tokensPerDay: z.number().int().positive().exactOptional(),
  usdPerDay: z.number().positive().exactOptional(),
})

export type Limits = z.infer<typeof Limits>

export const Guardrail = z.strictObject({
  on: z.enum(['request', 'response']),
  /** `pii` redacts or refuses; `schema` holds a response against `answerSchema`; `deny` takes patterns; any rule evaluator by name. */
  check: z.string(),
  params: z.record(z.string(), Json).default({}),
  /** A score below this fails the check. */
  passAt: Share.default(0.5),
  /** `next_target` only of a response. */
  onFail: z.enum(['refuse', 'redact', 'next_target', 'flag']).default('refuse'),
})
export type Guardrail = z.infer<typeof Guardrail>

/** How a route behaves, whatever its targets are. */
export const RouteBehaviour = z.object({
  timeouts: RouteTimeouts.prefault({}),
  retry: Retry.exactOptional(),
  breaker: Breaker.exactOptional(),
  stickyBy: StickyBy.exactOptional(),
  /** Asks the next target too when the first has not answered after so long, and takes the first answer. */
  hedgeMs: Ms.exactOptional(),
  /** `complete` holds an answer back until it is whole, so that one that breaks off is never sent. */
  commit: z.enum(['first', 'complete']).exactOptional(),
  limits: Limits.exactOptional(),
  cache: z.strictObject({ ttlSeconds: z.number().int().min(1).max(86_400) }).exactOptional(),
  guardrails: z.array(Guardrail).max(20).exactOptional(),
  answerSchema: z.record(z.string(), Json).exactOptional(),
  /** Asks the target once more, with what is wrong, when the answer is not JSON that satisfies `answerSchema`. */
  repair: z.boolean().exactOptional(),
  /** Renders the bound prompt version with the request's `variables` as the first messages. */
  bindPrompt: z.boolean().exactOptional(),
})
export type RouteBehaviour = z.infer<typeof RouteBehaviour>

/** Targets that a route may have beside its canary and shadow. */
export const MAX_TARGETS = 20

/**
 * What a route points at. The first target answers, or, where targets have weights, one of those that have, drawn by
 * weight; the others are tried in order when it fails. The last one is, by default, what production used before.
 */
export const RouteVersion = RouteBehaviour.extend({
  route: Name,
  targets: z.array(RouteTarget).min(1).max(MAX_TARGETS),
  /** Id of the target that production used before; absent where there is none. */
  previous: z.string().exactOptional(),
  prompt: Ref,
  /** The text of `prompt` where it is bound: no request waits for storage. */
  promptTemplate: z.string().exactOptional(),
  canary: Canary.exactOptional(),
  rules: z.array(Rule).max(MAX_RULES).exactOptional(),
  /** Asked beside, for a share of the requests; its answers are recorded and never sent. */
  shadow: z.strictObject({ target: RouteTarget, share: Share }).exactOptional(),
})
export type RouteVersion = z.infer<typeof RouteVersion>
