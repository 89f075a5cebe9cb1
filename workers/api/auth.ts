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
/** How long an isolate believes what it read of a key. The gateway remembers the header for 5 s more: 30 s in all. */
const CACHE_MS = 25_000
/** From this age on it is read again behind a request that does not wait for it. */
const REFRESH_MS = 15_000
/** How long the database may take. */
const PATIENCE_MS = 2_000
/** While it cannot be reached, a key that it let in before is believed so long: to revoke one needs the database too. */
const BELIEVED_MS = 3_600_000
/** How long nobody waits for a database that did not answer, who is believed. */
const AFTER_FAILURE_MS = 1_000
const CACHE_KEYS = 1000

interface Known {
  caller: Caller
  readAt: number
  /** When it was last read behind a request. */
  askedAt: number
}

const cache = new Map<string, Known>()
let failedAt = 0

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

/**
 * Who sends this header.
 *
 * @param behind takes work that the request need not wait for, where it can.
 * @throws ProblemError `key.missing`, `key.unknown`, or `key.unchecked` while the database cannot be reached
 */
export async function authenticate(
  env: Env,
  authorization: string | undefined,
  behind?: (work: Promise<unknown>) => void,
): Promise<Caller> {
  const key = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  if (!key) throw new ProblemError('key.missing', 'Send an API key as Authorization: Bearer KEY')
  const hash = sha256Hex(key)
  const known = cache.get(hash)
  if (!known) return read(env, hash)
  const now = Date.now()
  const age = Math.abs(now - known.readAt)
  if (age < (behind ? REFRESH_MS : CACHE_MS)) return known.caller
  const isBelieved = age < CACHE_MS || (age < BELIEVED_MS && now - failedAt < AFTER_FAILURE_MS)
  if (!behind || !isBelieved) return read(env, hash, known)
  if (now - known.askedAt >= AFTER_FAILURE_MS) {
    known.askedAt = now
    behind(read(env, hash, known).catch(() => undefined))
  }
  return known.caller
}

/** Asks the database, which may be down: then who was let in before is believed for a while, and nobody else let in. */
async function read(env: Env, hash: string, known?: Known): Promise<Caller> {
  const readAt = Date.now()
  let caller: Caller | undefined
  try {
    caller = isBootstrapKey(env, hash) ? BOOTSTRAP_CALLER : await findKeyInTime(env, hash)
  } catch (error) {
    failedAt = Date.now()
    console.error({ message: 'keys cannot be read', believed: known?.caller.keyId, error: String(error) })
    if (known && readAt - known.readAt < BELIEVED_MS) return known.caller
    throw new ProblemError(
      'key.unchecked',
      'The API key cannot be checked: the database that knows it does not answer. Try again in a moment',
    )
  }
  if (!caller) {
    cache.delete(hash)
    throw new ProblemError('key.unknown', 'The API key is not known, or was revoked')
  }
  if (cache.size >= CACHE_KEYS) cache.clear()
  cache.set(hash, { caller, readAt, askedAt: readAt })
  return caller
}

async function findKeyInTime(env: Env, hash: string): Promise<Caller | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  return Promise.race([findKey(env, hash), tooLate]).finally(() => clearTimeout(timer))
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
