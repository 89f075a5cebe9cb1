import type { Json } from '../../domain/json.ts'
import type { JsonObject } from '../../domain/providers/json-object.ts'
import { cacheKey } from '../../domain/routing/cache-key.ts'
import type { Plan } from '../../domain/routing/plan.ts'
import type { WholeAnswer } from './outcome.ts'
import type { Call } from './call.ts'

/** A name that no request from outside has. */
const ORIGIN = 'https://answers.sluice.invalid/'
const TARGET = 'x-sluice-target'

export interface CachedAnswer {
  body: string
  json: JsonObject
  /** Id of the target that once answered. */
  target: string
}

/** Where the answer to a request is kept; nothing where it is not: streams are answered as streams, by the model. */
export function cacheUrl(
  { active, asked, caller, answerAs }: Call,
  { chosen }: Pick<Plan, 'chosen'>,
): string | undefined {
  if (!active.spec.cache || asked.stream || answerAs) return undefined
  const scope = { project: caller.project, routeVersion: active.version, kind: asked.kind, chosen }
  const key = cacheKey(scope, asked.body as Record<string, Json>)
  return key === undefined ? undefined : ORIGIN + key
}

/** A cache that cannot be read is one without the answer. */
export async function cachedAnswer(url: string): Promise<CachedAnswer | undefined> {
  try {
    const found = await caches.default.match(url)
    if (!found) return undefined
    const body = await found.text()
    return { body, json: JSON.parse(body) as JsonObject, target: found.headers.get(TARGET) ?? 'none' }
  } catch (error) {
    console.error({ message: 'answer cache not read', error: String(error) })
    return undefined
  }
}

/** Keeps a good answer, behind it. */
export function keepAnswer({ active, ctx }: Call, url: string, answer: WholeAnswer, target: string): void {
  const { ttlSeconds } = active.spec.cache!
  const headers = {
    'content-type': answer.contentType,
    'cache-control': `max-age=${ttlSeconds}`,
    [TARGET]: target,
  }
  const kept = caches.default.put(url, new Response(answer.body, { headers }))
  ctx.waitUntil(
    kept.catch((error: unknown) => console.error({ message: 'answer not cached', error: String(error) })),
  )
}
