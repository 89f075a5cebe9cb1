import { Webhook } from 'standardwebhooks'
import { ProblemError } from '../../domain/problem.ts'
import { attemptFailed } from '../../domain/run/report.ts'
import type { StageStatus } from '../../domain/run/state.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import type { JobClaims } from './job-token.ts'

/**
 * Stages whose attempt is over. One that has its result is not: its endpoint may call back with the same again, having
 * missed the answer.
 */
const OVER: ReadonlySet<StageStatus> = new Set(['pending', 'failed', 'cancelled', 'skipped'])

/**
 * The stage attempt of a token. One that failed, was superseded or cancelled is over: the callback is recorded and
 * refused.
 */
export async function claimedJob(env: Env, claims: JobClaims): Promise<StageContext> {
  const run = env.WORKFLOW_RUN.getByName(claims.runId)
  const job = await run.context(claims.stage, claims.attempt)
  if (job && !OVER.has(job.status)) return job
  await run.report([
    attemptFailed(
      claims,
      { code: 'callback.late', message: 'a callback came after the attempt was over' },
      false,
      { key: 'late' },
    ),
  ])
  throw new ProblemError('run.terminal', `Attempt ${claims.attempt} of ${claims.stage} is over`)
}

export function verifySignature(secret: string, headers: Record<string, string>, body: string): void {
  try {
    new Webhook(secret).verify(body, headers)
  } catch (cause) {
    // The signature is checked first, then the body is parsed.
    if (cause instanceof SyntaxError) throw new ProblemError('request.invalid', 'The body is not JSON')
    throw new ProblemError(
      'signature.invalid',
      `The callback is not signed by the endpoint: ${(cause as Error).message}`,
    )
  }
}
