import type { Context } from 'hono'
import type { Webhook } from 'standardwebhooks'
import type * as z from 'zod'

/** The refusal of a request that Sluice has not signed. */
export function signatureProblem(webhook: Webhook, c: Context, body: string): Response | undefined {
  try {
    webhook.verify(body, c.req.header(), { jsonParse: false })
    return undefined
  } catch (error) {
    return refuse(c, 401, 'invalid_signature', error instanceof Error ? error.message : String(error))
  }
}

/** The body of a request that Sluice has signed, in the shape that it must have; or the refusal, with this code. */
export async function signedBody<S extends z.ZodType>(
  webhook: Webhook,
  c: Context,
  schema: S,
  code: string,
): Promise<{ data: z.infer<S> } | { refused: Response }> {
  const body = await c.req.text()
  const refused = signatureProblem(webhook, c, body)
  if (refused) return { refused }
  const parsed = schema.safeParse(parseJson(body))
  if (parsed.success) return { data: parsed.data }
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') || 'body'
  return { refused: refuse(c, 400, code, `${field}: ${issue?.message}`, field) }
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
