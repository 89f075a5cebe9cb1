import {
  admit,
  nothingUsed,
  spend,
  type DayUse,
  type Refused,
  type Use,
} from '../../domain/routing/limits.ts'
import type { Limits } from '../../domain/routing/route.ts'
import type { Env } from '../env.ts'
import type { Call } from './call.ts'
import { GatewayRefusal, retryAfterSeconds } from './errors.ts'
import type { Facts } from './facts.ts'
import { usedBy } from './usage.ts'

/** Keys and routes that are counted; the ones met first are forgotten first. */
const MAX_COUNTED = 10_000
/** How often what a route used is told to its registry, which adds up all isolates. */
const TELL_MS = 500
/** How long the first request of an isolate waits for what others used. */
const PATIENCE_MS = 500
/** Characters a token has, about, where an answer does not say what it used. */
const CHARS_A_TOKEN = 4
/** Characters of a stream for one of what it says. */
const STREAM_CHARS = 10

/** What each key used of each route in this isolate. */
const keys = new Map<string, Use>()
/** What each route used today: as the registry last said, if it was asked yet, and what it was not told yet. */
interface Day {
  known: DayUse | undefined
  untold: DayUse
  toldAt: number
}
const days = new Map<string, Day>()

/** @throws GatewayRefusal 429 where the key or the route is over a limit */
export async function takePlace(call: Call, limits: Limits): Promise<void> {
  const day = await usedToday(call, limits, Date.now())
  const now = Date.now()
  const key = keyOf(call)
  // Read after the wait: others were let in meanwhile.
  const use = keys.get(key) ?? nothingUsed()
  const answer = admit({ minute: use.minute, day }, limits, now)
  if (!answer.ok) throw refusal(call, answer)
  remember(keys, key, spend(use, { requests: 1 }, now))
}

/** Counts what an answer used, behind it. */
export function countUse(
  { call, target, usage, answer, outcome }: Facts,
  { env, ctx }: Pick<Call, 'env' | 'ctx'>,
): void {
  const { limits } = call.active.spec
  if (!limits || outcome === 'cached') return
  // Who got no answer used nothing that is known of, but what guardrails held back.
  const own = usage ?? (target ? estimate(call.asked.text, answer) : null)
  const used = usedBy({ call, target, usage: own })
  const tokens = (used.inputTokens ?? 0) + (used.outputTokens ?? 0)
  if (tokens === 0) return
  const usd = used.costUsd ?? 0
  const now = Date.now()
  const key = keyOf(call)
  remember(keys, key, spend(keys.get(key) ?? nothingUsed(), { tokens }, now))
  const day = days.get(routeOf(call))
  if (!day) return
  day.untold = spend({ minute: [], day: day.untold }, { tokens, usd }, now).day
  if (now - day.toldAt >= TELL_MS) ctx.waitUntil(tell(env, call, day, now))
}

/** A route without limits a day is not asked about; what all isolates used is waited for until it is known. */
async function usedToday(call: Call, limits: Limits, now: number): Promise<DayUse> {
  const nothing = nothingUsed().day
  if (limits.tokensPerDay === undefined && limits.usdPerDay === undefined) return nothing
  const route = routeOf(call)
  const day = days.get(route) ?? { known: undefined, untold: nothing, toldAt: 0 }
  if (!days.has(route)) remember(days, route, day)
  if (!day.known) {
    await Promise.race([tell(call.env, call, day, now), scheduler.wait(PATIENCE_MS)])
    day.known ??= nothing
  } else if (now - day.toldAt >= TELL_MS) call.ctx.waitUntil(tell(call.env, call, day, now))
  const { known, untold } = day
  const today = spend({ minute: [], day: known }, {}, now).day
  return spend({ minute: [], day: today }, untold.date === today.date ? untold : {}, now).day
}

/** Tells the registry what was used, and learns what all isolates used. When it is down, this isolate counts on alone. */
async function tell(env: Env, call: Pick<Call, 'caller' | 'active'>, day: Day, now: number): Promise<void> {
  const { untold } = day
  Object.assign(day, { untold: nothingUsed().day, toldAt: now })
  try {
    day.known = await env.ROUTE_REGISTRY.getByName(call.caller.project).addUse(call.active.route, untold, now)
  } catch (error) {
    console.error({ message: 'use of a route not told yet', route: call.active.route, error: String(error) })
    day.untold = spend({ minute: [], day: day.untold }, untold, now).day
  }
}

function estimate(asked: string, answer: Facts['answer']) {
  const said = typeof answer === 'string' ? answer.length / STREAM_CHARS : charsIn(answer?.choices)
  return {
    prompt_tokens: Math.ceil(asked.length / CHARS_A_TOKEN),
    completion_tokens: Math.ceil(said / CHARS_A_TOKEN),
  }
}

function charsIn(choices: unknown): number {
  return choices === undefined ? 0 : JSON.stringify(choices).length
}

function refusal({ active, epoch }: Call, { limit, detail, retryAfterMs }: Refused): GatewayRefusal {
  const budget = limit === 'tokensPerDay' || limit === 'usdPerDay'
  return new GatewayRefusal({
    status: 429,
    message: `The route ${active.route} is over its limit: ${detail}`,
    type: budget ? 'insufficient_quota' : 'rate_limit_error',
    param: null,
    code: budget ? 'insufficient_quota' : 'rate_limit_exceeded',
    headers: {
      'x-sluice-route-version': active.version,
      'x-sluice-route-epoch': String(epoch),
      'retry-after': retryAfterSeconds(retryAfterMs),
      ...(budget ? { 'x-should-retry': 'false' } : {}),
    },
  })
}

function keyOf({ caller, active }: Pick<Call, 'caller' | 'active'>): string {
  return `${caller.project}/${active.route}/${caller.keyId}`
}

function routeOf({ caller, active }: Pick<Call, 'caller' | 'active'>): string {
  return `${caller.project}/${active.route}`
}

function remember<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.size >= MAX_COUNTED && !map.has(key)) map.delete(map.keys().next().value!)
  map.set(key, value)
}
