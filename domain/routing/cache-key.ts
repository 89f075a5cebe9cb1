import { contentHash } from '../hash.ts'
import type { Json } from '../json.ts'

export interface CacheScope {
  /** Answers are never shared between projects, even if their routes are the same. */
  project: string
  /** `route:NAME@HASH`. */
  routeVersion: string
  /** The API that was asked, such as `chat`: its answers have another shape than another's. */
  kind: string
  /** The target that a rule or the canary put first: its answers are not those of the others. */
  chosen?: string | undefined
}

/** What an answer does not depend on: who asks, how it is sent, and the route's name, which its version has. */
const NOT_OF_THE_ANSWER = new Set([
  'model',
  'user',
  'safety_identifier',
  'metadata',
  'stream',
  'stream_options',
  'store',
  'prompt_cache_key',
  'prompt_cache_retention',
])

/**
 * Key of an exact answer: a hash of all that it depends on. A parameter that is not known here makes another key. Undefined
 * for a body that has no canonical JSON (half a surrogate pair, too deep): its answer is not kept.
 */
export function cacheKey(scope: CacheScope, body: Readonly<Record<string, Json>>): string | undefined {
  const { project, routeVersion, kind, chosen = null } = scope
  const asked = Object.fromEntries(Object.entries(body).filter(([name]) => !NOT_OF_THE_ANSWER.has(name)))
  try {
    return contentHash({ project, routeVersion, kind, chosen, asked })
  } catch {
    return undefined
  }
}
