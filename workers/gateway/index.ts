import { getPath } from 'hono/utils/url'
import type { JsonObject, Kind } from '../../domain/providers/provider.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { askedByAgentcc, refusalHeaders } from './agentcc.ts'
import { answerCall } from './answer.ts'
import { readAsked, type AskedBody } from './asked.ts'
import { callContext, isAgentcc } from './call-context.ts'
import { gatewayCaller } from './caller.ts'
import type { AnswerAs, Call } from './call.ts'
import { faultOf, faultResponse, notOffered, noRoute } from './errors.ts'
import { modelList, modelOf } from './models.ts'
import { readResponsesRequest } from './responses.ts'
import { findRoute, listRoutes } from './route-table.ts'

/** What OpenAI offers and Sluice does not. */
const NOT_OFFERED =
  /^\/v1\/(audio|images|files|uploads|batches|moderations|rerank|fine_tuning|assistants|threads|vector_stores|realtime|videos|containers|conversations|responses)(\/|$)/
const MODELS = '/v1/models'

/** A request whose caller is known. */
interface Received {
  request: Request
  env: Env
  ctx: ExecutionContext
  caller: Caller
}

/** What may be asked, by path. */
const ENDPOINTS = new Map<string, (received: Received) => Promise<Response>>([
  ['/v1/chat/completions', (received) => ask(received, 'chat')],
  ['/v1/completions', (received) => ask(received, 'completions')],
  ['/v1/embeddings', (received) => ask(received, 'embeddings')],
  ['/v1/responses', askResponses],
])

/**
 * The OpenAI-compatible gateway: everything below `/v1/`. `model` names a route; which model answers is the route's business.
 * A map of paths is all the routing it needs, and a router before it took a twentieth of a request's time. Every refusal has
 * the shape that OpenAI clients read.
 */
export async function gateway(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  try {
    const caller = await gatewayCaller(env, ctx, request.headers.get('authorization'))
    const received = { request, env, ctx, caller }
    const path = getPath(request)
    const endpoint = request.method === 'POST' ? ENDPOINTS.get(path) : undefined
    return await (endpoint ? endpoint(received) : answerOther(received, path))
  } catch (error) {
    return faultResponse(faultOf(error), refusalHeaders(request.headers))
  }
}

async function answerOther({ request, env, ctx, caller }: Received, path: string): Promise<Response> {
  const { method } = request
  const isRead = method === 'GET' || method === 'HEAD'
  if (isRead && path === MODELS) return Response.json(modelList(await listRoutes(env, ctx, caller.project)))
  if (isRead && path.startsWith(`${MODELS}/`)) {
    const name = decoded(path.slice(MODELS.length + 1))
    const { active } = await findRoute(env, ctx, caller.project, name)
    if (!active) throw noRoute(name)
    return Response.json(modelOf(active))
  }
  if (NOT_OFFERED.test(path)) throw notOffered(`${method} ${path}`)
  throw new ProblemError('not.found', `There is no ${method} ${path}`)
}

async function ask(received: Received, kind: Kind): Promise<Response> {
  const { request } = received
  const asked = await readAsked(kind, request)
  const original = isAgentcc(request.headers) ? { body: asked.body } : undefined
  return answered(received, original ? askedByAgentcc(asked) : asked, original)
}

async function askResponses(received: Received): Promise<Response> {
  const { asked, answerAs, body } = await readResponsesRequest(received.request)
  return answered(received, asked, { body, answerAs })
}

async function answered(
  { request, env, ctx, caller }: Received,
  asked: AskedBody,
  /** As the caller sent it, and how the answer is told, where it is not `asked` itself. */
  original?: { body: JsonObject; answerAs?: AnswerAs },
): Promise<Response> {
  const startedAt = Date.now()
  const context = callContext(request.headers, (original ?? asked).body)
  const { active, epoch } = await findRoute(env, ctx, caller.project, asked.route)
  if (!active) throw noRoute(asked.route)
  const call: Call = {
    env,
    ctx,
    caller,
    asked,
    context,
    active,
    epoch,
    startedAt,
    answerAs: original?.answerAs,
    running: undefined,
    runningTarget: undefined,
    clientGone: false,
    sides: [],
  }
  const answer = answerCall(call, request)
  // Who leaves before the answer would take the whole request along: its trace, and the news for a breaker that waits.
  ctx.waitUntil(answer.catch(() => undefined))
  return answer
}

/** A name in a path; one that is badly encoded names nothing. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
