import { ProblemError } from '../../domain/problem.ts'
import { authenticate, type Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'

/** How long a caller is let in by the header alone, without its hash: a tenth of the gateway's own time went there. */
const BELIEVED_MS = 5_000
const MAX_KNOWN = 1_000

interface Known {
  caller: Caller
  since: number
}

/** Callers that were let in, by the header they sent. */
const known = new Map<string, Known>()

/**
 * Who asks the gateway. Keys are read again behind the requests; while they cannot be read, who was known is still served,
 * as `authenticate` says.
 */
export async function gatewayCaller(
  env: Env,
  ctx: Pick<ExecutionContext, 'waitUntil'>,
  authorization: string | null,
): Promise<Caller> {
  const now = Date.now()
  const remembered = known.get(authorization ?? '')
  // A clock that was put back makes nobody known for longer.
  if (remembered && Math.abs(now - remembered.since) < BELIEVED_MS) return remembered.caller
  known.delete(authorization ?? '')
  const caller = await authenticate(env, authorization ?? '', (work) => ctx.waitUntil(work))
  if (!caller.scopes.includes('gateway') && !caller.scopes.includes('admin')) {
    throw new ProblemError(
      'scope.missing',
      `The key ${caller.name} has the scopes ${caller.scopes.join(', ')}; this needs gateway`,
    )
  }
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(authorization!, { caller, since: Date.now() })
  return caller
}
