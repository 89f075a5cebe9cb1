import { Webhook } from 'standardwebhooks'
import { ProblemError, type ProblemCode } from '../../domain/problem.ts'

/** Longest wait for an endpoint to take a message. */
const TIMEOUT_MS = 15_000

export interface SigningEndpoint {
  name: string
  url: string
  signingSecret: string
}

/**
 * Sends a message that is signed by the Standard Webhooks specification.
 *
 * @throws ProblemError `refusal` when nobody answers
 */
export async function signedFetch(
  endpoint: SigningEndpoint,
  {
    method,
    path,
    messageId,
    body,
    refusal,
  }: { method: string; path: string; messageId: string; body: string; refusal: ProblemCode },
): Promise<Response> {
  const now = new Date()
  try {
    return await fetch(`${endpoint.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(endpoint.signingSecret).sign(messageId, now, body),
      },
      ...(body === '' ? {} : { body }),
      // What is signed for one host is for nobody else.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (cause) {
    throw new ProblemError(refusal, `${endpoint.name} cannot be reached: ${(cause as Error).message}`)
  }
}
