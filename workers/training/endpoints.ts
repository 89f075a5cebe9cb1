import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import { secretByName, type Env } from '../env.ts'

const Endpoints = z.record(
  z.string(),
  z.object({
    url: z.url(),
    /** Name of the Worker secret that signs what is sent, and is signed with what comes back. */
    signingSecret: z.string(),
    /** Name of the Worker secret that its serving asks for. */
    servingSecret: z.string(),
  }),
)

export interface TrainingEndpoint {
  name: string
  url: string
  signingSecret: string
  servingSecretName: string
}

/** A training endpoint by the name that definitions use. */
export function trainingEndpoint(env: Env, name: string): TrainingEndpoint {
  const endpoints = Endpoints.parse(JSON.parse(env.TRAINING_ENDPOINTS))
  const found = endpoints[name]
  if (!found) {
    const known = Object.keys(endpoints).join(', ') || 'none'
    throw new ProblemError(
      'not.found',
      `There is no training endpoint ${name}; TRAINING_ENDPOINTS has: ${known}`,
    )
  }
  const signingSecret = secretByName(env, found.signingSecret)
  if (!signingSecret) throw new ProblemError('not.found', `The secret ${found.signingSecret} is not set`)
  return { name, url: found.url, signingSecret, servingSecretName: found.servingSecret }
}
