import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import { secretByName, type Env } from '../env.ts'

/** What every external endpoint is configured with. */
export const EndpointConfig = z.object({
  url: z.url(),
  /** Name of the Worker secret that signs what is sent, and is signed with what comes back. */
  signingSecret: z.string(),
})

/** An entry of a variable that holds endpoints by name, as JSON, with its signing secret looked up. */
export function namedEndpoint<C extends typeof EndpointConfig>(
  env: Env,
  variable: 'TRAINING_ENDPOINTS' | 'TASK_ENDPOINTS' | 'EVALUATOR_ENDPOINTS',
  config: C,
  name: string,
): z.infer<C> & { name: string } {
  const endpoints = z.record(z.string(), config).parse(JSON.parse(env[variable]))
  const found = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
  if (!found) {
    const known = Object.keys(endpoints).join(', ') || 'none'
    throw new ProblemError('not.found', `There is no endpoint ${name}; ${variable} has: ${known}`)
  }
  const signingSecret = secretByName(env, found.signingSecret)
  if (!signingSecret) throw new ProblemError('not.found', `The secret ${found.signingSecret} is not set`)
  return { ...found, name, signingSecret }
}
