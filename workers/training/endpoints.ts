import * as z from 'zod'
import { EndpointConfig, namedEndpoint } from '../endpoints/named-endpoint.ts'
import type { SigningEndpoint } from '../endpoints/signed-fetch.ts'
import type { Env } from '../env.ts'

const TrainingConfig = EndpointConfig.extend({
  /** Name of the Worker secret that its serving asks for. */
  servingSecret: z.string(),
})

export interface TrainingEndpoint extends SigningEndpoint {
  servingSecretName: string
}

/** A training endpoint by the name that definitions use. */
export function trainingEndpoint(env: Env, name: string): TrainingEndpoint {
  const { servingSecret, ...endpoint } = namedEndpoint(env, 'TRAINING_ENDPOINTS', TrainingConfig, name)
  return { ...endpoint, servingSecretName: servingSecret }
}
