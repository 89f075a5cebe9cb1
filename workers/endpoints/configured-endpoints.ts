import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import type { Env } from '../env.ts'

/** Variables of the Worker that hold endpoints, or where secrets may go, by name, as JSON. */
export type EndpointVariable =
  | 'TRAINING_ENDPOINTS'
  | 'TASK_ENDPOINTS'
  | 'EVALUATOR_ENDPOINTS'
  | 'JUDGE_ENDPOINTS'
  | 'SECRET_ORIGINS'

/** A base URL that a path is put behind. It holds no key: what cannot be reached is named in errors that many may read. */
export const BaseUrl = z
  .url({ protocol: /^https?$/ })
  .refine((url) => new URL(url).username === '' && new URL(url).password === '', {
    message: 'must hold no name or password: name a Worker secret',
  })
  .transform((url) => url.replace(/\/+$/, ''))

/**
 * Every endpoint of a variable.
 *
 * @throws ProblemError `config.invalid`, naming the field and repeating nothing of what stands there
 */
export function configuredEndpoints<C extends z.ZodType>(
  env: Env,
  variable: EndpointVariable,
  config: C,
): Record<string, z.infer<C>> {
  const parsed = z.record(z.string(), config).safeParse(jsonOf(env[variable] ?? '{}', variable))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new ProblemError('config.invalid', `${[variable, ...path].join('.')}: ${message}`)
}

function jsonOf(text: string, variable: EndpointVariable): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError('config.invalid', `${variable} is not JSON`)
  }
}
