import { Hono, type Context } from 'hono'
import type { JsonObject, Kind } from '../../domain/providers/provider.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { ApiEnv, Caller } from '../api/auth.ts'
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

type GatewayContext = Context<ApiEnv>

/** What OpenAI offers and Sluice does not. */
const NOT_OFFERED =
  /^\/v1\/(audio|images|files|uploads|batches|moderations|rerank|fine_tuning|assistants|threads|vector_stores|realtime|videos|containers|conversations|responses)(\/|$)/

/** The OpenAI-compatible gateway. `model` names a route; which model answers is the route's business. */
export const gateway = new Hono<ApiEnv>()
  .post('/chat/completions', (c) => safely(c, (caller) => ask(c, caller, 'chat')))
  .post('/completions', (c) => safely(c, (caller) => ask(c, caller, 'completions')))
  .post('/embeddings', (c) => safely(c, (caller) => ask(c, caller, 'embeddings')))
  .post('/responses', (c) =>
    safely(c, async (caller) => {
      const { asked, answerAs, body } = await readResponsesRequest(c.req.raw)
      return answered(c, caller, asked, { body, answerAs })
    }),
  )
  .get('/models', (c) =>
    safely(c, async ({ project }) => c.json(modelList(await listRoutes(c.env, c.executionCtx, project)))),
  )
  .get('/models/:id', (c) =>
    safely(c, async ({ project }) => {
      const { active } = await findRoute(c.env, c.executionCtx, project, c.req.param('id'))
      if (!active) throw noRoute(c.req.param('id'))
      return c.json(modelOf(active))
    }),
  )
  .all('*', (c) =>
    safely(c, () => {
      const { method, path } = c.req
      if (NOT_OFFERED.test(path)) throw notOffered(`${method} ${path}`)
      throw new ProblemError('not.found', `There is no ${method} ${path}`)
    }),
  )

async function ask(c: GatewayContext, caller: Caller, kind: Kind): Promise<Response> {
  const asked = await readAsked(kind, c.req.raw)
  const original = isAgentcc(c.req.raw.headers) ? { body: asked.body } : undefined
  return answered(c, caller, original ? askedByAgentcc(asked) : asked, original)
}

async function answered(
  c: GatewayContext,
  caller: Caller,
  asked: AskedBody,
  /** As the caller sent it, and how the answer is told, where it is not `asked` itself. */
  original?: { body: JsonObject; answerAs?: AnswerAs },
): Promise<Response> {
  const startedAt = Date.now()
  const { env, executionCtx: ctx } = c
  const request = c.req.raw
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

/** Every refusal of the gateway has the shape that OpenAI clients read. */
async function safely(
  c: GatewayContext,
  handle: (caller: Caller) => Response | Promise<Response>,
): Promise<Response> {
  try {
    return await handle(await gatewayCaller(c.env, c.executionCtx, c.req.raw.headers.get('authorization')))
  } catch (error) {
    return faultResponse(faultOf(error), refusalHeaders(c.req.raw.headers))
  }
}
