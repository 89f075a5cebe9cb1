import { answerSubject, mapAnswerTexts } from '../../domain/guardrails/answer-texts.ts'
import type { GuardrailVerdict, Subject } from '../../domain/guardrails/guardrail.ts'
import { contentText } from '../../domain/guardrails/request-texts.ts'
import { rule, type Ruling } from '../../domain/guardrails/rule.ts'
import { knowledgeLines } from '../../domain/dataset/prompt.ts'
import { readTools } from '../../domain/dataset/tool-call-wire.ts'
import { isObject, objectOf, objectsOf, parsed, type JsonObject } from '../../domain/providers/json-object.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { assembled, streamed } from '../../domain/streams/assembled.ts'
import type { Attempt } from '../ingest/spans.ts'
import type { Call } from './call.ts'
import { checkingOf, repairs } from './checks.ts'
import { errorBody } from './errors.ts'
import { guardrailFault } from './guardrail-fault.ts'
import { isStream, type Answer, type Failure, type ToldAnswer, type WholeAnswer } from './outcome.ts'
import { giveUp } from './patience.ts'
import { repaired } from './repaired.ts'
import { usageIn } from './usage.ts'

/**
 * Mends a whole answer where the route asks for it, and holds it against the route's guardrails. What comes back may be
 * sent; a failure is no fault of the target's breaker. Streams that are already under way are checked when they have ended.
 */
export async function checkedAnswer(
  call: Call,
  target: RouteTarget,
  answer: Answer,
  attempts: Attempt[],
): Promise<Answer | Failure> {
  const { spec } = call.active
  const mends = repairs(spec)
  const isUnchecked = call.asked.kind === 'embeddings' || isStream(answer)
  if (isUnchecked || (!mends && checkingOf(spec).response.length === 0)) return answer
  const first = toldBy(answer)
  const given = first && mends ? await repaired(call, target, first, attempts, spec.answerSchema) : first
  if (given && 'kind' in given) return given
  const ruling = ruled(call, target, given?.json)
  call.checks?.verdicts.push(...ruling.verdicts)
  if (ruling.stopped) {
    if (answer.kind === 'large') giveUp(answer.patience)
    call.checks?.discarded.push({ target, usage: given?.usage ?? null })
    return refused(call, ruling.stopped)
  }
  if (!given || answer.kind !== 'whole') return answer
  return written(call, answer, { ...given, json: ruling.value! }, first!.json)
}

/** Holds a stream that was sent against guardrails which only flag. */
export function checkSentStream(call: Call, target: RouteTarget, text: string): void {
  if (checkingOf(call.active.spec).response.length === 0) return
  call.checks?.verdicts.push(...ruled(call, target, assembled(text)).verdicts)
}

/** What traces may keep of an answer that nobody is sent: without it, why they may not. */
export function checkedBeside(
  call: Call,
  target: RouteTarget,
  json: JsonObject | undefined,
): { json: JsonObject | undefined; refused?: string } {
  if (!json || call.asked.kind === 'embeddings' || checkingOf(call.active.spec).response.length === 0)
    return { json }
  const { value, verdicts, stopped } = ruled(call, target, json)
  call.checks?.verdicts.push(...verdicts)
  return stopped ? { json: undefined, refused: refused(call, stopped).failed.reason } : { json: value }
}

function toldBy(answer: Answer): ToldAnswer | undefined {
  if (answer.kind !== 'whole') return undefined
  const { stream, body } = answer
  const json = stream
    ? assembled(stream.text)
    : (answer.json ?? parsed(typeof body === 'string' ? body : new TextDecoder().decode(body)))
  return isObject(json) ? { json, usage: stream?.usage ?? usageIn(json) } : undefined
}

/** What cannot be read passes no guardrail. */
function ruled(
  call: Call,
  target: RouteTarget,
  json: JsonObject | undefined,
): Ruling<JsonObject | undefined> {
  const { response } = checkingOf(call.active.spec)
  return rule<JsonObject | undefined>(response, json, {
    target: target.id,
    read: (value) => (value ? answerSubject(value, inputOf(call)) : UNREADABLE),
    map: (value, redact) => value && mapAnswerTexts(value, redact),
  })
}

const UNREADABLE: Subject = { texts: [], said: [], unreadable: true, input: { messages: [], context: [] } }

/** What evaluators know of a request. */
function inputOf({ asked, active, startedAt }: Call): Subject['input'] {
  const { body, kind, context } = asked
  const { answerSchema } = active.spec
  const messages = kind === 'chat' ? objectsOf(body.messages) : [{ role: 'user', content: body.prompt }]
  const known =
    context ?? messages.filter(isSystem).flatMap(({ content }) => knowledgeLines(contentText(content)))
  return {
    messages: messages
      .filter((message) => message.role === 'user' || message.role === 'assistant')
      .map(({ role, content }) => ({
        role: role === 'user' ? 'user' : 'assistant',
        content: contentText(content),
      })),
    context: known,
    latencyMs: Date.now() - startedAt,
    ...(answerSchema ? { schema: answerSchema } : {}),
    ...(Array.isArray(body.tools) ? { tools: readTools(body.tools) } : {}),
  }
}

function isSystem({ role }: JsonObject): boolean {
  return role === 'system' || role === 'developer'
}

function refused({ active }: Call, stopped: GuardrailVerdict): Failure {
  const fault = guardrailFault(active.route, stopped)
  return {
    kind: 'failure',
    status: fault.status,
    failed: {
      answer: false,
      failure: 'guardrail',
      retrySameTarget: false,
      nextTarget: stopped.action === 'next_target',
      breakerCounts: false,
      reason: `guardrail ${stopped.check}`,
    },
    retryAfterMs: undefined,
    body: errorBody(fault),
  }
}

/** The answer as the caller reads it. One that was not changed stays as the target wrote it. */
function written(
  { asked, answerAs }: Call,
  answer: WholeAnswer,
  { json, usage, repaired: how }: ToldAnswer,
  before: JsonObject,
): WholeAnswer {
  const mark = how ? { repaired: how } : {}
  const isChanged = json !== before
  if (!answer.stream) {
    if (!isChanged) return answer
    return { ...answer, ...mark, json, body: JSON.stringify(answerAs ? answerAs.response(json) : json) }
  }
  const includeUsage = objectOf(asked.body.stream_options).include_usage === true
  const chat = isChanged ? streamed({ ...json, usage }, { includeUsage }) : answer.stream.text
  const translator = answerAs?.stream()
  const text = translator ? translator.feed(chat) + translator.end() : chat
  return { ...answer, ...mark, body: text, stream: { ...answer.stream, text, usage } }
}
