import type { Context } from 'hono'
import type { Webhook } from 'standardwebhooks'

/** The refusal of a request that Sluice has not signed. */
export function signatureProblem(webhook: Webhook, c: Context, body: string): Response | undefined {
  try {
    webhook.verify(body, c.req.header(), { jsonParse: false })
    return undefined
  } catch (error) {
    return refuse(c, 401, 'invalid_signature', error instanceof Error ? error.message : String(error))
  }
}

/** Undefined for text that is no JSON: no schema accepts it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A problem as this house's endpoints tell it. */
export function refuse(
  c: Context,
  status: 400 | 401 | 404 | 409 | 413 | 500,
  code: string,
  message: string,
  field?: string,
): Response {
  return c.json({ error: { code, message, ...(field ? { field } : {}) } }, status)
}
