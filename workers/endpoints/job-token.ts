import { sign, verify } from 'hono/jwt'
import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'

/** For whom a token is: one for a training job is none for a task. */
export type JobAudience = 'training' | 'task'

/** What a job that left the house may do, and until when: call back, and what else its audience allows. */
const JobClaims = z.object({
  project: z.string(),
  runId: z.string(),
  stage: z.string(),
  attempt: z.number().int(),
  /** Of a mapped stage: the place of the item in its list. */
  item: z.number().int().exactOptional(),
  itemAttempt: z.number().int().exactOptional(),
  /** Seconds since the epoch. */
  exp: z.number(),
})
export type JobClaims = z.infer<typeof JobClaims>

export function signJobToken(env: Env, audience: JobAudience, claims: JobClaims): Promise<string> {
  return sign({ ...claims, aud: audience }, env.SIGNING_KEY, 'HS256')
}

export async function verifyJobToken(
  env: Env,
  audience: JobAudience,
  authorization: string | undefined,
): Promise<JobClaims> {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  if (!token) throw new ProblemError('token.invalid', 'Send the job token as Authorization: Bearer TOKEN')
  try {
    const claims = await verify(token, env.SIGNING_KEY, 'HS256')
    if (claims.aud !== audience) throw new TypeError(`not a token of a ${audience} job`)
    return JobClaims.parse(claims)
  } catch (cause) {
    throw new ProblemError('token.invalid', 'The job token is not valid, or has run out', {
      reason: String((cause as Error).name),
    })
  }
}
