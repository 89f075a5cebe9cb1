import { eq } from 'drizzle-orm'
import type { MiddlewareHandler } from 'hono'
import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { apiKeys } from '../lineage/schema.ts'

/** What an API key may do. `admin` includes the others. */
export const SCOPES = ['read', 'ingest', 'gateway', 'run', 'approve', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

/** Who calls: the key's id is what the audit log names. */
export interface Caller {
  project: string
  keyId: string
  name: string
  scopes: readonly Scope[]
}

export interface ApiEnv {
  Bindings: Env
  Variables: { caller: Caller }
}

/** Project that the bootstrap key belongs to. */
export const DEFAULT_PROJECT = 'default'
/** How long an isolate believes what it read of a key; a revoked key works this much longer at most. */
const CACHE_MS = 30_000
const CACHE_KEYS = 1000

const cache = new Map<string, { caller: Caller; until: number }>()

/** Lets a request through when its key has the scope. */
export function requireScope(scope: Scope): MiddlewareHandler<ApiEnv> {
  return async function requireScope(c, next) {
    const caller = await authenticate(c.env, c.req.header('authorization'))
    if (!caller.scopes.includes(scope) && !caller.scopes.includes('admin')) {
      throw new ProblemError(
        'scope.missing',
        `The key ${caller.name} has the scopes ${caller.scopes.join(', ')}; this needs ${scope}`,
        { scope },
      )
    }
    c.set('caller', caller)
    await next()
  }
}

export async function authenticate(env: Env, authorization: string | undefined): Promise<Caller> {
  const key = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  if (!key) throw new ProblemError('key.missing', 'Send an API key as Authorization: Bearer KEY')
  const hash = sha256Hex(key)
  const now = Date.now()
  const known = cache.get(hash)
  if (known && known.until > now) return known.caller
  const caller = isBootstrapKey(env, hash) ? BOOTSTRAP_CALLER : await findKey(env, hash)
  if (!caller) throw new ProblemError('key.unknown', 'The API key is not known, or was revoked')
  if (cache.size >= CACHE_KEYS) cache.clear()
  cache.set(hash, { caller, until: now + CACHE_MS })
  return caller
}

const BOOTSTRAP_CALLER: Caller = {
  project: DEFAULT_PROJECT,
  keyId: 'key_bootstrap',
  name: 'bootstrap',
  scopes: ['admin'],
}

/** Hashes are compared, so that the time taken tells nothing of the key. */
function isBootstrapKey(env: Env, hash: string): boolean {
  return env.BOOTSTRAP_ADMIN_KEY !== undefined && hash === sha256Hex(env.BOOTSTRAP_ADMIN_KEY)
}

async function findKey(env: Env, hash: string): Promise<Caller | undefined> {
  const [row] = await lineage(env.LINEAGE).select().from(apiKeys).where(eq(apiKeys.secretSha256, hash))
  if (!row || row.revokedAt !== null) return undefined
  return { project: row.projectId, keyId: row.keyId, name: row.name, scopes: row.scopes as Scope[] }
}
