import { ProblemError } from '../../domain/problem.ts'
import { authenticate, type Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'

/** How long a caller is let in by the header alone, without its hash: a tenth of the gateway's own time went there. */
const BELIEVED_MS = 5_000
const MAX_KNOWN = 1_000

interface Known {
  caller: Caller
  until: number
}

/** Callers that were let in, by the header they sent. When the database is down, who was known is still served. */
const known = new Map<string, Known>()

/** Who asks the gateway. */
export async function gatewayCaller(env: Env, authorization: string | null): Promise<Caller> {
  const now = Date.now()
  const remembered = known.get(authorization ?? '')
  if (remembered && remembered.until > now) return remembered.caller
  const caller = await authenticated(env, authorization ?? '', remembered)
  if (!caller.scopes.includes('gateway') && !caller.scopes.includes('admin')) {
    throw new ProblemError(
      'scope.missing',
      `The key ${caller.name} has the scopes ${caller.scopes.join(', ')}; this needs gateway`,
    )
  }
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(authorization!, { caller, until: now + BELIEVED_MS })
  return caller
}

async function authenticated(
  env: Env,
  authorization: string,
  remembered: Known | undefined,
): Promise<Caller> {
  try {
    return await authenticate(env, authorization)
  } catch (error) {
    // A refusal is one; only an unreachable database is none.
    known.delete(authorization)
    if (error instanceof ProblemError || !remembered) throw error
    console.error({ message: 'keys cannot be read; a known one is believed', error: String(error) })
    return remembered.caller
  }
}
