import type { Asked, StreamTranslator, JsonObject } from '../../domain/providers/provider.ts'
import type { ActiveRoute } from '../../durable-objects/route-registry.ts'
import type { Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import type { AskedBody } from './asked.ts'
import type { CallContext } from './call-context.ts'
import type { Checks } from './checks.ts'
import type { Patience } from './patience.ts'

/** An API of ours that is answered by way of a chat. */
export interface AnswerAs {
  response(chat: JsonObject): JsonObject
  stream(): StreamTranslator
}

/** One request to the gateway, and all that its answer needs to know. */
export interface Call {
  readonly env: Env
  readonly ctx: Pick<ExecutionContext, 'waitUntil'>
  readonly caller: Caller
  /** What targets are asked: what the caller sent, until it is prepared. */
  asked: AskedBody
  /** As the caller sent it, until the request is prepared. */
  context: CallContext
  readonly active: ActiveRoute
  readonly epoch: number
  readonly startedAt: number
  readonly answerAs: AnswerAs | undefined
  /** The attempt that runs: who leaves ends it. */
  running: Patience | undefined
  runningTarget: string | undefined
  clientGone: boolean
  /** A copy of this call asks the targets behind the one that this one asks. */
  restAsked?: boolean
  /** Of a route that has guardrails or repairs answers; copies share it. */
  checks?: Checks | undefined
  /** Copies of this call that ask beside each other. */
  readonly sides: Call[]
}

/** The request as translators of providers need it. */
export function askedOf({ asked, context, startedAt }: Call): Asked {
  const prefix = asked.kind === 'completions' ? 'cmpl' : 'chatcmpl'
  return { kind: asked.kind, body: asked.body, id: `${prefix}-${context.spanId}`, at: new Date(startedAt) }
}
