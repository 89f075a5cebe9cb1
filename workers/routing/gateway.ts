import { Hono, type Context } from 'hono'
import * as z from 'zod'
import { knowledgeLines } from '../../domain/dataset/prompt.ts'
import { Message } from '../../domain/dataset/transcript.ts'
import { NO_COHORT } from '../../domain/evaluation/score.ts'
import { PROBLEMS, ProblemError } from '../../domain/problem.ts'
import { outcomeOf } from '../../domain/routing/outcome.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import type { ActiveRoute } from '../../durable-objects/route-registry.ts'
import { requireScope, type ApiEnv } from '../api/auth.ts'
import type { Attempt, SpanMessage } from '../ingest/spans.ts'
import { callModel } from './call-model.ts'
import { findRoute, listRoutes } from './route-table.ts'
import { fitTrace } from './trace-budget.ts'

const ChatRequest = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })).min(1),
  stream: z.boolean().optional(),
})
type ChatRequest = z.infer<typeof ChatRequest>

interface Answered {
  target: RouteTarget
  status: number
  contentType: string
  /** Read whole, so that a target that dies while it answers is a failed attempt; a stream is passed on as it comes. */
  body: string | ReadableStream | null
  attempts: Attempt[]
}

/** The OpenAI-compatible gateway. `model` names a route; which model answers is the route's business. */
export const gateway = new Hono<ApiEnv>()
  .use(requireScope('gateway'))
  .get('/models', async (c) => {
    const routes = await listRoutes(c.env, c.get('caller').project)
    const data = routes.map(({ route, activatedAt }) => ({
      id: route,
      object: 'model',
      created: Math.floor(activatedAt / 1000),
      owned_by: 'sluice',
    }))
    return c.json({ object: 'list', data })
  })
  .post('/chat/completions', async (c) => {
    const started = Date.now()
    const request = parseRequest(await c.req.text())
    const { project } = c.get('caller')
    const { active, epoch } = await findRoute(c.env, c.executionCtx, project, request.model)
    if (!active) throw new ProblemError('not.found', `There is no route ${request.model}`, { param: 'model' })
    const traceId = traceIdOf(c.req.header('traceparent'))
    const answered = await tryTargets(c, active, request)
    const [last] = answered.attempts.slice(-1)
    const headers = {
      'x-sluice-route-version': active.version,
      'x-sluice-route-epoch': String(epoch),
      'x-sluice-target': last!.target,
      'x-sluice-attempts': String(answered.attempts.length),
      'x-sluice-trace-id': traceId,
      ...(answered.attempts.length > 1
        ? { 'x-sluice-fallback-reason': answered.attempts[0]!.reason ?? '' }
        : {}),
    }
    const span = (response: string | null) =>
      c.env.SPANS.send(spanOf({ c, project, active, epoch, traceId, request, answered, response, started }))
    if (!('target' in answered)) {
      c.executionCtx.waitUntil(span(null))
      const failed = answered.attempts.map(({ target, reason }) => `${target}: ${reason}`).join('; ')
      throw new ProblemError('upstream.failed', `No target of ${active.route} answered (${failed})`, {
        headers,
      })
    }
    const { body, status, contentType } = answered
    c.executionCtx.waitUntil(span(typeof body === 'string' ? body : null))
    return new Response(body, { status, headers: { 'content-type': contentType, ...headers } })
  })
  .all('*', (c) => {
    throw new ProblemError('not.found', `There is no ${c.req.method} ${c.req.path}`)
  })

/** On the gateway every refusal has OpenAI's error shape, which the SDKs of product services understand. */
gateway.onError((error) => {
  const problem =
    error instanceof ProblemError ? error : new ProblemError('internal', 'Something went wrong inside Sluice')
  if (!(error instanceof ProblemError)) console.error({ message: 'gateway failed', error: String(error) })
  const { headers = {}, param = null } = problem.extra as {
    headers?: Record<string, string>
    param?: string | null
  }
  const type = problem.status < 500 ? 'invalid_request_error' : 'server_error'
  const body = { error: { message: problem.message, type, param, code: problem.code } }
  // The chain of targets has been tried: a client that repeats the request would only multiply the wait.
  const retry: Record<string, string> =
    PROBLEMS[problem.code].status >= 500 ? { 'x-should-retry': 'false' } : {}
  return Response.json(body, { status: problem.status, headers: { ...headers, ...retry } })
})

function parseRequest(body: string): ChatRequest {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    throw new ProblemError('request.invalid', 'The body is not JSON')
  }
  const parsed = ChatRequest.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new ProblemError('request.invalid', `${issue.path.join('.')}: ${issue.message}`, {
    param: issue.path.join('.'),
  })
}

/** Asks the targets in order until one answers, within the route's total time. */
async function tryTargets(
  c: Context<ApiEnv>,
  { spec }: ActiveRoute,
  request: ChatRequest,
): Promise<Answered | { attempts: Attempt[] }> {
  const attempts: Attempt[] = []
  const deadline = Date.now() + spec.timeouts.totalMs
  for (const target of spec.targets) {
    const started = Date.now()
    const left = deadline - started
    if (left <= 0) break
    const record = (status: number | null, reason: string | null) =>
      attempts.push({ target: target.id, status, reason, ms: Date.now() - started })
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), Math.min(left, spec.timeouts.headersMs))
    try {
      const body = JSON.stringify({ ...request, model: target.servedModel })
      const response = await callModel(c.env, target, '/chat/completions', body, patience.signal)
      if (outcomeOf(response.status) === 'answer') {
        const body = request.stream ? response.body : await response.text()
        if (response.ok && typeof body === 'string' && parseJson(body) === null) {
          record(response.status, 'the answer is not JSON')
          continue
        }
        record(response.status, null)
        const contentType = response.headers.get('content-type') ?? 'application/json'
        return { target, status: response.status, contentType, body, attempts }
      }
      record(response.status, `HTTP ${response.status}`)
      await response.body?.cancel()
    } catch {
      record(null, patience.signal.aborted ? 'no answer in time' : 'unreachable')
    } finally {
      clearTimeout(timer)
    }
  }
  return { attempts }
}

interface SpanParts {
  c: Context<ApiEnv>
  project: string
  active: ActiveRoute
  epoch: number
  traceId: string
  request: ChatRequest
  answered: Answered | { attempts: Attempt[] }
  response: string | null
  started: number
}

function spanOf({
  c,
  project,
  active,
  epoch,
  traceId,
  request,
  answered,
  response,
  started,
}: SpanParts): SpanMessage {
  const completion = completionOf(response)
  const traced = fitTrace({
    messages: request.messages.map(({ role, content }) => ({
      role: Message.shape.role.catch('user').parse(role),
      content: typeof content === 'string' ? content : JSON.stringify(content ?? ''),
    })),
    response: completion.text,
  })
  const target = 'target' in answered ? answered.target : undefined
  return {
    project,
    traceId,
    route: active.route,
    routeVersion: active.version,
    epoch,
    target: target?.id ?? 'none',
    model: target?.model ?? 'none',
    promptRef: active.spec.prompt,
    cohort: c.req.header('x-sluice-cohort')?.slice(0, 100) || NO_COHORT,
    status: 'target' in answered && answered.status < 400 ? 'ok' : 'error',
    fallbackReason: answered.attempts.length > 1 ? answered.attempts[0]!.reason : null,
    attempts: answered.attempts,
    latencyMs: Date.now() - started,
    inputTokens: completion.inputTokens,
    outputTokens: completion.outputTokens,
    messages: traced.messages.filter(({ role }) => role !== 'system'),
    context: traced.messages
      .filter(({ role }) => role === 'system')
      .flatMap(({ content }) => knowledgeLines(content)),
    response: traced.response,
    at: started,
  }
}

const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })),
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
})

function completionOf(body: string | null) {
  const parsed = Completion.safeParse(parseJson(body))
  if (!parsed.success) return { text: null, inputTokens: null, outputTokens: null }
  const { choices, usage } = parsed.data
  return {
    text: choices[0]?.message.content ?? null,
    inputTokens: usage?.prompt_tokens ?? null,
    outputTokens: usage?.completion_tokens ?? null,
  }
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

/** The caller's trace id (W3C traceparent), or a new one. */
function traceIdOf(traceparent: string | undefined): string {
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? '')?.[1]
  return given ?? crypto.randomUUID().replaceAll('-', '')
}
