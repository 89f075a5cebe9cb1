import type { Plan } from '../../domain/routing/plan.ts'
import { answeringTargets } from '../../domain/routing/target-roles.ts'
import { cachedAnswer, cacheUrl, keepAnswer, type CachedAnswer } from './answer-cache.ts'
import { discard } from './attempt.ts'
import type { LargeAnswer, WholeAnswer } from './outcome.ts'
import { reportTo } from './breakers.ts'
import type { Call } from './call.ts'
import { checkSentStream } from './check-answer.ts'
import { isFlagged } from './checks.ts'
import { faultResponse, type GatewayFault } from './errors.ts'
import { exhausted } from './exhausted.ts'
import type { Facts } from './facts.ts'
import { answerHeaders } from './headers.ts'
import { serveHedged } from './hedge.ts'
import { countUse, takePlace } from './limits.ts'
import { record } from './outbox.ts'
import { passStream } from './pass-stream.ts'
import { stopWaiting } from './patience.ts'
import { fallbackReasonOf, planned } from './planned.ts'
import { prepare } from './prepare.ts'
import { begin } from './pump.ts'
import { nothingServed, serve, type Served } from './serve.ts'
import { askShadow } from './shadow.ts'
import type { OpenedStream, StreamResult } from './streams.ts'
import { usageIn } from './usage.ts'

/** Asks the route's targets, answers, and records what happened once nobody waits for it. */
export async function answerCall(call: Call, request: Request): Promise<Response> {
  const { limits } = call.active.spec
  if (limits) await takePlace(call, limits)
  watchClient(call, request)
  const plan = planned(call, (name) => request.headers.get(name))
  const { spec } = call.active
  if (spec.guardrails || spec.repair) call.checks = { verdicts: [], discarded: [] }
  if (spec.guardrails || spec.promptTemplate !== undefined) {
    const fault = prepare(call, request.headers)
    if (fault) return refused(call, plan, fault)
  }
  const url = cacheUrl(call, plan)
  const cached = url === undefined ? undefined : await cachedAnswer(url)
  if (cached) return fromCache(call, plan, cached)
  const { hedgeMs } = spec
  const served = await (hedgeMs === undefined ? serve(call, plan) : serveHedged(call, plan, hedgeMs))
  const fallbackReason = fallbackReasonOf(call, plan, served)
  const told: Told = { call, plan, served, fallbackReason }
  const headers = answerHeaders(call, plan, served, fallbackReason, url === undefined ? 'skip' : 'miss')
  const { answer } = served
  if (!answer) return unanswered(told, headers)
  askShadow(call, Math.random())
  // What only stood in for another target's answer is not kept after that is back.
  if (url !== undefined && answer.kind === 'whole' && fallbackReason === null && !isFlagged(call.checks))
    keepAnswer(call, url, answer, served.target!.id)
  if (answer.kind === 'whole') return whole(told, answer, headers)
  if (answer.kind === 'large') return large(told, answer, headers)
  return streamed(told, answer, headers)
}

/** What nginx calls a request whose client left before its answer. */
const CLIENT_GONE = 499

interface Told {
  call: Call
  plan: Plan
  served: Served
  fallbackReason: string | null
}

function watchClient(call: Call, { signal }: Request): void {
  const leave = () => {
    for (const one of [call, ...call.sides]) one.clientGone = true
    discard(call)
  }
  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave)
}

/** What it once cost is paid: a kept answer counts neither tokens nor an attempt. */
function fromCache(call: Call, plan: Plan, { body, json, target: id }: CachedAnswer): Response {
  const target = answeringTargets(call.active.spec).find((one) => one.id === id)
  const served = { ...nothingServed(call), target }
  const headers = answerHeaders(call, plan, served, null, 'hit')
  const told = { call, plan, served, fallbackReason: null }
  note(told, { status: 200, outcome: 'cached', answer: json, target })
  return new Response(body, { status: 200, headers: { ...headers, 'content-type': 'application/json' } })
}

/** No target is asked what a guardrail refuses. */
function refused(call: Call, plan: Plan, fault: GatewayFault): Response {
  const told: Told = { call, plan, served: nothingServed(call), fallbackReason: null }
  const headers = answerHeaders(call, plan, told.served, null, 'skip')
  note(told, { status: fault.status, outcome: 'refused' })
  return faultResponse(fault, headers)
}

function unanswered(told: Told, headers: Record<string, string>): Response {
  const { status, body, headers: more } = exhausted(told.call, told.served)
  if (told.call.clientGone) note(told, { status: CLIENT_GONE, outcome: 'client_gone' })
  else note(told, { status, outcome: 'failed' })
  return new Response(body, { status, headers: { 'content-type': 'application/json', ...headers, ...more } })
}

function whole(
  told: Told,
  { status, contentType, body, json, stream }: WholeAnswer,
  headers: Record<string, string>,
): Response {
  if (stream) note(told, { status, outcome: stream.outcome, answer: stream.text, usage: stream.usage })
  else note(told, { status, outcome: 'answered', answer: json, usage: usageIn(json) })
  headers['content-type'] = contentType
  return new Response(body, { status, headers })
}

function large(told: Told, answer: LargeAnswer, headers: Record<string, string>): Response {
  const { readable, writable } = new IdentityTransformStream()
  begin(writable, answer.head)
  const { status, contentType } = answer
  const passing = answer.rest.pipeTo(writable).then(
    () => note(told, { status, outcome: 'answered' }),
    () => note(told, { status, outcome: 'cut' }),
  )
  told.call.ctx.waitUntil(passing.finally(() => stopWaiting(answer.patience)))
  headers['content-type'] = contentType
  return new Response(readable, { status, headers })
}

function streamed(told: Told, opened: OpenedStream, headers: Record<string, string>): Response {
  const { call } = told
  const { spec } = call.active
  const now = Date.now()
  const times: FirstChunk = { ttftMs: now - call.startedAt, answerMs: now - told.served.attemptedAt }
  const { readable, ended } = passStream(opened, {
    chunkMs: spec.timeouts.chunkMs,
    deadline: call.startedAt + spec.timeouts.totalMs,
    isClientGone: () => call.clientGone,
  })
  call.ctx.waitUntil(ended.then((result) => streamEnded(told, result, times)))
  headers['content-type'] = 'text/event-stream'
  headers['cache-control'] = 'no-cache'
  return new Response(readable, { status: 200, headers })
}

const BROKEN: readonly StreamResult['outcome'][] = ['cut', 'stalled', 'failed']

/** When a stream began to answer: after the caller's question, and after that to its target. */
interface FirstChunk {
  ttftMs: number
  answerMs: number
}

function streamEnded(
  told: Told,
  { outcome, text, usage }: StreamResult,
  { ttftMs, answerMs }: FirstChunk,
): void {
  const { call, served } = told
  const broken = BROKEN.includes(outcome)
  const { spec } = call.active
  const probe = served.admission === 'probe'
  const ageMs = Date.now() - served.attemptedAt
  const ms = broken ? ageMs : answerMs
  // Where the breaker waits for news it was told of a good beginning at once.
  if (served.admission === 'yes' || broken)
    reportTo(call, served.target!, { ok: !broken, ms, ageMs, probe }, spec.breaker)
  if (broken) served.attempts.at(-1)!.reason = REASONS[outcome] ?? outcome
  else if (call.checks && outcome !== 'client_gone') checkSentStream(call, served.target!, text)
  note(told, { status: outcome === 'client_gone' ? CLIENT_GONE : 200, outcome, ttftMs, answer: text, usage })
}

const REASONS: Partial<Record<StreamResult['outcome'], string>> = {
  cut: 'the stream broke off',
  stalled: 'the stream did not end in time',
  failed: 'the stream ended with an error',
}

function note(
  { call, plan, served, fallbackReason }: Told,
  facts: Pick<Facts, 'status' | 'outcome'> & Partial<Pick<Facts, 'ttftMs' | 'answer' | 'usage' | 'target'>>,
): void {
  const { target, attempts } = served
  const answeredBy = served.answer ? target : undefined
  const { asked, context, active, epoch, caller, startedAt, checks } = call
  const whole: Facts = {
    // Not the call itself: its timers and signals would be kept until the span is made.
    call: { asked, context, active, epoch, caller, startedAt, checks },
    arm: plan.arm,
    target: answeredBy,
    attempts,
    fallbackReason: fallbackReason ?? (answeredBy ? null : (attempts[0]?.reason ?? null)),
    ttftMs: null,
    endedAt: Date.now(),
    answer: undefined,
    usage: null,
    ...(served.answer?.kind === 'whole' ? { repaired: served.answer.repaired } : {}),
    ...facts,
  }
  record(call.env, call.ctx, whole)
  countUse(whole, call)
}
