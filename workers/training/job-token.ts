import { sign, verify } from 'hono/jwt'
import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'

/** What a training job may do, and until when: read its shards, upload its artifact, call back. */
const JobClaims = z.object({
  project: z.string(),
  runId: z.string(),
  stage: z.string(),
  attempt: z.number().int(),
  /** Seconds since the epoch. */
  exp: z.number(),
})
export type JobClaims = z.infer<typeof JobClaims>

export function signJobToken(env: Env, claims: JobClaims): Promise<string> {
  return sign({ ...claims, aud: 'training' }, env.SIGNING_KEY, 'HS256')
}

export async function verifyJobToken(env: Env, authorization: string | undefined): Promise<JobClaims> {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
  if (!token) throw new ProblemError('token.invalid', 'Send the job token as Authorization: Bearer TOKEN')
  try {
    const claims = await verify(token, env.SIGNING_KEY, 'HS256')
    if (claims.aud !== 'training') throw new TypeError('not a job token')
    return JobClaims.parse(claims)
  } catch (cause) {
    throw new ProblemError('token.invalid', 'The job token is not valid, or has run out', {
      reason: String((cause as Error).name),
    })
  }
}
