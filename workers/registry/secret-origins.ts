import * as z from 'zod'
import { ProblemError } from '../../domain/problem.ts'
import { configuredEndpoints } from '../endpoints/configured-endpoints.ts'
import { secretByName, type Env } from '../env.ts'

/** Strings of the Worker's environment that Sluice itself uses: no model host may ever be sent one. */
const OWN: ReadonlySet<string> = new Set([
  'SIGNING_KEY',
  'BOOTSTRAP_ADMIN_KEY',
  'TRAINING_ENDPOINTS',
  'TASK_ENDPOINTS',
  'JUDGE_ENDPOINTS',
  'EVALUATOR_ENDPOINTS',
  'SECRET_ORIGINS',
  'POOLS',
  'PUBLIC_URL',
  'CODE_SHA',
] satisfies (keyof Env)[])

const SIGNED = ['TRAINING_ENDPOINTS', 'TASK_ENDPOINTS', 'EVALUATOR_ENDPOINTS'] as const
const Signed = z.object({ signingSecret: z.string().optional() })

/**
 * Refuses to send a secret to a host that nobody has approved for it: whoever may register a model could otherwise read
 * every key of the Worker by naming it. `SECRET_ORIGINS` says where each secret may go; one that it does not name may be
 * sent where an administrator says.
 *
 * @throws ProblemError `request.invalid`, `scope.missing`
 */
export function assertMaySend(env: Env, secret: string, baseUrl: string, isAdmin: boolean): void {
  const { origin } = new URL(baseUrl)
  if (OWN.has(secret) || signingSecrets(env).has(secret))
    refuse(`${secret} is for Sluice itself; set the model's key as a secret of its own`)
  if (secretByName(env, secret) === undefined)
    refuse(`the secret ${secret} is not set; set it with \`wrangler secret put ${secret}\``)
  const origins = secretOrigins(env)[secret]
  if (origins && !origins.includes(origin))
    refuse(`${secret} may be sent to ${origins.join(', ')} and not to ${origin}; SECRET_ORIGINS says so`)
  if (!origins && !isAdmin)
    throw new ProblemError(
      'scope.missing',
      `SECRET_ORIGINS does not say that ${secret} may be sent to ${origin}: add {"${secret}": ["${origin}"]} to it, or let a key with the scope admin register the model`,
      { scope: 'admin', field: 'secret' },
    )
}

function refuse(message: string): never {
  throw new ProblemError('request.invalid', `secret: ${message}`, { field: 'secret' })
}

const Origins = z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)).min(1)

/** Where each secret may be sent. */
function secretOrigins(env: Env): Record<string, string[]> {
  return configuredEndpoints(env, 'SECRET_ORIGINS', Origins)
}

/** Secrets that sign what Sluice sends to endpoints. */
function signingSecrets(env: Env): Set<string | undefined> {
  return new Set(
    SIGNED.flatMap((variable) =>
      Object.values(configuredEndpoints(env, variable, Signed)).map(({ signingSecret }) => signingSecret),
    ),
  )
}
