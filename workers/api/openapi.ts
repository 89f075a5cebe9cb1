import { OpenAPIHono, z } from '@hono/zod-openapi'
import { HTTPException } from 'hono/http-exception'
import { ProblemError, problemDocument } from '../../domain/problem.ts'
import type { ApiEnv } from './auth.ts'

/** A router whose every bad request is one kind of problem, naming the field. */
export function router() {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return
      const issue = result.error.issues[0]!
      const field = issue.path.join('.') || 'body'
      throw new ProblemError('request.invalid', `${field}: ${issue.message}`, {
        field,
        issues: result.error.issues,
      })
    },
  })
}

/** A JSON answer in a route's `responses`. */
export function json<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { 'application/json': { schema } } }
}

/** Every route may refuse with a problem document (RFC 9457). */
export const refusals = {
  default: {
    description: 'A problem document (RFC 9457)',
    content: {
      'application/problem+json': {
        schema: z.object({
          type: z.string(),
          title: z.string(),
          status: z.number(),
          code: z.string(),
          detail: z.string(),
        }),
      },
    },
  },
} as const

/** What the router itself refuses: a body that is no JSON, or does not say that it is. */
function routerRefusal(error: unknown): ProblemError | undefined {
  if (!(error instanceof HTTPException)) return undefined
  if (error.status === 400)
    return new ProblemError('request.invalid', 'The body is not JSON', { field: 'body' })
  if (error.status === 415)
    return new ProblemError(
      'body.type',
      'Send the body as JSON, with the header content-type: application/json',
    )
  return undefined
}

export function problemResponse(error: unknown): Response {
  const known = error instanceof ProblemError ? error : routerRefusal(error)
  const problem = known ?? new ProblemError('internal', 'Something went wrong inside Sluice')
  if (!known) {
    // A database error's message holds the statement's parameters: its cause says what went wrong without them.
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    console.error({
      message: 'request failed',
      error: String(cause),
      stack: cause instanceof Error ? cause.stack : undefined,
    })
  }
  const headers = { 'content-type': 'application/problem+json' }
  return new Response(JSON.stringify(problemDocument(problem)), { status: problem.status, headers })
}

/** Newest first: a page starts before this time, in ms since the epoch. */
export const Page = z.object({
  before: z.coerce
    .number()
    .int()
    .optional()
    .openapi({ description: 'Cursor: the `next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
