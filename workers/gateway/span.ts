import { knowledgeLines, numberedLines } from '../../domain/dataset/prompt.ts'
import type { Message } from '../../domain/dataset/transcript.ts'
import { objectOf, objectsOf, type JsonObject } from '../../domain/providers/json-object.ts'
import { streamedAnswer, type StreamedAnswer } from '../../domain/streams/end.ts'
import type { SpanMessage } from '../ingest/spans.ts'
import type { AskedBody } from './asked.ts'
import { checkAttributes } from './checks.ts'
import type { Facts } from './facts.ts'
import { fitTrace } from './trace-budget.ts'
import { usedBy } from './usage.ts'

const OPERATIONS = { chat: 'chat', completions: 'text_completion', embeddings: 'embeddings' } as const
const PROVIDER_NAMES = { openai: 'openai', anthropic: 'anthropic', 'workers-ai': 'cloudflare.workers_ai' }
/** Ends of which the text is whole: half an answer is not one that can be scored. */
const WHOLE: readonly Facts['outcome'][] = ['answered', 'cached', 'done', 'completed']

/** The span of a request: what the sweeps and gates read, and OpenTelemetry's attributes. */
export function spanOf(facts: Facts): SpanMessage {
  const { call, target, outcome, attempts } = facts
  const { active, context, asked, caller, epoch, startedAt } = call
  const said = answerOf(facts)
  const whole = WHOLE.includes(outcome) && facts.status < 400
  const { costUsd, ...tokens } = usedBy(facts)
  const isRefused = outcome === 'refused'
  // What was refused is not kept, and it says nothing of the targets that sweeps and gates judge.
  const traced = fitTrace({
    messages: isRefused ? [] : messagesOf(asked),
    response: whole ? said.text : null,
  })
  return {
    project: caller.project,
    traceId: context.traceId,
    spanId: context.spanId,
    parentSpanId: context.parentSpanId,
    requestId: context.requestId,
    keyId: caller.keyId,
    route: isRefused ? `${active.route}:refused` : active.route,
    routeVersion: active.version,
    epoch,
    target: target?.id ?? 'none',
    model: target?.model ?? 'none',
    promptRef: active.spec.prompt,
    cohort: context.cohort,
    metadata: context.metadata,
    arm: facts.arm,
    status: whole || outcome === 'client_gone' ? 'ok' : 'error',
    outcome,
    fallbackReason: facts.fallbackReason,
    attempts: [...attempts],
    latencyMs: facts.endedAt - startedAt,
    ttftMs: facts.ttftMs,
    ...tokens,
    costUsd,
    messages: traced.messages.filter(({ role }) => role !== 'system'),
    context: traced.messages
      .filter(({ role }) => role === 'system')
      .flatMap(({ content }) => knowledgeLines(content)),
    response: traced.response,
    at: startedAt,
    ...(call.checks ? { guardrails: call.checks.verdicts } : {}),
    ...(facts.repaired ? { repaired: facts.repaired } : {}),
    attributes: attributesOf(facts, said, tokens),
  }
}

function attributesOf(
  { call, target, status, outcome, ttftMs, attempts, repaired }: Facts,
  said: StreamedAnswer,
  { inputTokens, outputTokens }: { inputTokens: number | null; outputTokens: number | null },
): NonNullable<SpanMessage['attributes']> {
  const { asked, context } = call
  const { body } = asked
  return known({
    'gen_ai.operation.name': OPERATIONS[asked.kind],
    'gen_ai.provider.name': target && PROVIDER_NAMES[target.provider ?? 'openai'],
    'gen_ai.request.model': target?.servedModel,
    'gen_ai.request.stream': asked.stream || undefined,
    'gen_ai.request.temperature': numberIn(body.temperature),
    'gen_ai.request.top_p': numberIn(body.top_p),
    'gen_ai.request.max_tokens': numberIn(body.max_completion_tokens ?? body.max_tokens),
    'gen_ai.request.seed': numberIn(body.seed),
    'gen_ai.response.id': said.id ?? undefined,
    'gen_ai.response.model': said.model ?? undefined,
    'gen_ai.response.finish_reasons': said.finishReason === null ? undefined : [said.finishReason],
    'gen_ai.response.time_to_first_chunk': ttftMs === null ? undefined : ttftMs / 1000,
    'gen_ai.usage.input_tokens': inputTokens ?? undefined,
    'gen_ai.usage.output_tokens': outputTokens ?? undefined,
    'gen_ai.conversation.id': context.session ?? undefined,
    'server.address': target && (URL.parse(target.baseUrl)?.hostname ?? undefined),
    'http.response.status_code': status,
    'sluice.prompt.rendered':
      call.active.spec.promptTemplate === undefined ? undefined : call.active.spec.prompt,
    ...checkAttributes(call.checks, repaired),
    'error.type': WHOLE.includes(outcome) ? undefined : (attempts.at(-1)?.reason ?? outcome),
  })
}

/** Characters of an attribute: an upstream may name its model as it likes. */
const MAX_ATTRIBUTE = 256

function known(fields: Record<string, string | number | boolean | string[] | undefined>) {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [[name, typeof value === 'string' ? value.slice(0, MAX_ATTRIBUTE) : value] as const],
    ),
  )
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

const NOTHING: StreamedAnswer = { text: null, finishReason: null, id: null, model: null }

function answerOf({ answer }: Facts): StreamedAnswer {
  if (answer === undefined) return NOTHING
  if (typeof answer === 'string') return streamedAnswer(answer)
  const choice = objectsOf(answer.choices)[0] ?? {}
  const message = objectOf(choice.message)
  return {
    text: stringIn(message.content) ?? stringIn(choice.text) ?? null,
    finishReason: stringIn(choice.finish_reason) ?? null,
    id: stringIn(answer.id) ?? null,
    model: stringIn(answer.model) ?? null,
  }
}

function stringIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The conversation as traces keep it. What is embedded is not kept: it is long, and no answer is judged by it. */
function messagesOf({ kind, body, context }: AskedBody): Message[] {
  if (kind === 'embeddings') return []
  if (kind === 'completions') return [{ role: 'user', content: textOf(body.prompt) }]
  const messages = objectsOf(body.messages).map((message: JsonObject) => ({
    role: roleOf(message.role),
    content: textOf(message.content),
  }))
  if (!context) return messages
  // Of a prompt that was rendered here it is known what is knowledge: a variable may look like it.
  const known: Message = { role: 'system', content: numberedLines(context) }
  return [known, ...messages.filter(({ role }) => role !== 'system')]
}

function roleOf(role: unknown): Message['role'] {
  if (role === 'system' || role === 'developer') return 'system'
  return role === 'assistant' ? 'assistant' : 'user'
}

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content ?? '')
}
