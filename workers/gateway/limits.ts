import { costUsd } from '../../domain/routing/cost.ts'
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
import { GatewayRefusal } from './errors.ts'
import type { Facts } from './facts.ts'
import { usageOf } from './usage.ts'

/** Keys and routes that are counted; the ones met first are forgotten first. */
const MAX_COUNTED = 10_000
/** How often what a route used is told to its registry, which adds up all isolates. */
const TELL_MS = 500
/** How long the first request of an isolate waits for what others used. */
const PATIENCE_MS = 500
/** Characters a token has, about, where an answer does not say what it used. */
const CHARS_A_TOKEN = 4

/** What each key used of each route in this isolate. */
const keys = new Map<string, Use>()
/** What each route used today: as the registry last said, and what it was not told yet. */
const days = new Map<string, { known: DayUse; untold: DayUse; toldAt: number }>()

/** @throws GatewayRefusal 429 where the key or the route is over a limit */
export async function takePlace(call: Call, limits: Limits): Promise<void> {
  const now = Date.now()
  const key = keyOf(call)
  const use = keys.get(key) ?? nothingUsed()
  const answer = admit({ minute: use.minute, day: await usedToday(call, limits, now) }, limits, now)
  if (!answer.ok) throw refusal(call.active.route, answer)
  remember(keys, key, spend(use, { requests: 1 }, now))
}

/** Counts what an answer used, behind it. */
export function countUse(
  { call, target, usage, answer, outcome }: Facts,
  { env, ctx }: Pick<Call, 'env' | 'ctx'>,
): void {
  const { limits } = call.active.spec
  if (!limits || outcome === 'cached') return
  const now = Date.now()
  const { inputTokens, outputTokens } = usage ? usageOf(usage) : estimate(call.asked.text, answer)
  const tokens = (inputTokens ?? 0) + (outputTokens ?? 0)
  const usd = costUsd(target?.price, { inputTokens, outputTokens }) ?? 0
  const key = keyOf(call)
  remember(keys, key, spend(keys.get(key) ?? nothingUsed(), { tokens }, now))
  const day = days.get(routeOf(call))
  if (!day) return
  day.untold = spend({ minute: [], day: day.untold }, { tokens, usd }, now).day
  if (now - day.toldAt >= TELL_MS) ctx.waitUntil(tell(env, call, now))
}

/** A route without limits a day is not asked about; the first time in an isolate is waited for. */
async function usedToday(call: Call, limits: Limits, now: number): Promise<DayUse> {
  if (limits.tokensPerDay === undefined && limits.usdPerDay === undefined) return nothingUsed().day
  const route = routeOf(call)
  const day = days.get(route)
  if (!day) {
    remember(days, route, { known: nothingUsed().day, untold: nothingUsed().day, toldAt: 0 })
    await Promise.race([tell(call.env, call, now), scheduler.wait(PATIENCE_MS)])
  } else if (now - day.toldAt >= TELL_MS) call.ctx.waitUntil(tell(call.env, call, now))
  const { known, untold } = days.get(route)!
  return spend({ minute: [], day: known }, untold.date === known.date ? untold : {}, now).day
}

/** Tells the registry what was used, and learns what all isolates used. When it is down, this isolate counts on alone. */
async function tell(env: Env, call: Pick<Call, 'caller' | 'active'>, now: number): Promise<void> {
  const day = days.get(routeOf(call))!
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
  const said = typeof answer === 'string' ? answer.length / 10 : 0
  return {
    inputTokens: Math.ceil(asked.length / CHARS_A_TOKEN),
    outputTokens: Math.ceil(said / CHARS_A_TOKEN),
  }
}

function refusal(route: string, { limit, detail, retryAfterMs }: Refused): GatewayRefusal {
  const budget = limit === 'tokensPerDay' || limit === 'usdPerDay'
  return new GatewayRefusal({
    status: 429,
    message: `The route ${route} is over its limit: ${detail}`,
    type: budget ? 'insufficient_quota' : 'rate_limit_error',
    param: null,
    code: budget ? 'insufficient_quota' : 'rate_limit_exceeded',
    headers: {
      'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))),
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
