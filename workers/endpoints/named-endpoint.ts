import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import { secretByName, type Env } from '../env.ts'
import { BaseUrl, configuredEndpoints, type EndpointVariable } from './configured-endpoints.ts'

/** What every external endpoint is configured with. */
export const EndpointConfig = z.object({
  url: BaseUrl,
  /** Name of the Worker secret that signs what is sent, and is signed with what comes back. */
  signingSecret: z.string(),
})

/** An entry of a variable that holds endpoints by name, as JSON, with its signing secret looked up. */
export function namedEndpoint<C extends typeof EndpointConfig>(
  env: Env,
  variable: EndpointVariable,
  config: C,
  name: string,
): z.infer<C> & { name: string } {
  const endpoints: Record<string, z.infer<C>> = configuredEndpoints(env, variable, config)
  const found = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
  if (!found) {
    const known = Object.keys(endpoints).join(', ') || 'none'
    throw new ProblemError('not.found', `There is no endpoint ${name}; ${variable} has: ${known}`)
  }
  const signingSecret = secretByName(env, found.signingSecret)
  if (!signingSecret) throw new ProblemError('not.found', `The secret ${found.signingSecret} is not set`)
  return { ...found, name, signingSecret }
}
