import { secondsOf } from '../chat-stream.ts'
import { functionCalls } from '../content.ts'
import { countOf, objectOf, objectsOf, textOf } from '../json-object.ts'
import type { Asked, JsonObject, UpstreamError } from '../provider.ts'

export interface Answer {
  model: unknown
  output: JsonObject[]
  finish: unknown
  usage: unknown
}

/** A response from a chat completion. Ids derive from that of the request. */
export function responseOf(chat: JsonObject, asked: Asked): JsonObject {
  const choice = objectOf(objectsOf(chat.choices)[0])
  const message = objectOf(choice.message)
  const calls = functionCalls(message.tool_calls, 'tool_calls')
  const text = textOf(message.content)
  const parts = [
    ...(text === '' ? [] : [textPart(text)]),
    ...(textOf(message.refusal) === '' ? [] : [refusalPart(textOf(message.refusal))]),
  ]
  const status = statusOf(choice.finish_reason)
  // An answer without any item would leave the SDKs without the message that they look for.
  if (parts.length === 0 && calls.length === 0) parts.push(textPart(''))
  const output = parts.length > 0 ? [messageItem(asked, 0, parts, status)] : []
  for (const call of calls) output.push(callItem(asked, output.length, { ...call, status }))
  return finishedResponse(asked, {
    model: chat.model,
    output,
    finish: choice.finish_reason,
    usage: chat.usage,
  })
}

export function finishedResponse(asked: Asked, { model, output, finish, usage }: Answer): JsonObject {
  const reason = finish === 'length' ? 'max_output_tokens' : finish === 'content_filter' ? finish : undefined
  return {
    ...responseFrame(asked, model),
    status: statusOf(finish),
    incomplete_details: reason === undefined ? null : { reason },
    output,
    usage: usage ? usageOf(objectOf(usage)) : null,
  }
}

export function failedResponse(
  asked: Asked,
  { model, output, usage }: Answer,
  error: UpstreamError,
): JsonObject {
  return {
    ...responseFrame(asked, model),
    status: 'failed',
    error: { code: error.code ?? 'server_error', message: error.message },
    output,
    usage: usage ? usageOf(objectOf(usage)) : null,
  }
}

/** The response before anything of it is known, with what was asked, as OpenAI repeats it. */
export function responseFrame(asked: Asked, model: unknown): JsonObject {
  const { body } = asked
  return {
    id: idOf('resp', asked),
    object: 'response',
    created_at: secondsOf(asked.at),
    status: 'in_progress',
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: typeof model === 'string' ? model : body.model,
    output: [],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null, ...objectOf(body.reasoning) },
    service_tier: body.service_tier ?? 'default',
    store: false,
    temperature: body.temperature ?? 1,
    text: { format: { type: 'text' }, ...objectOf(body.text) },
    tool_choice: body.tool_choice ?? 'auto',
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    truncation: 'disabled',
    usage: null,
    user: body.user ?? null,
  }
}

export function messageItem(asked: Asked, at: number, content: JsonObject[], status: string): JsonObject {
  return { id: `${idOf('msg', asked)}_${at}`, type: 'message', status, role: 'assistant', content }
}

export function callItem(
  asked: Asked,
  at: number,
  call: { id: string; name: string; arguments: string; status: string },
): JsonObject {
  const { id: call_id, name, status } = call
  return {
    id: `${idOf('fc', asked)}_${at}`,
    type: 'function_call',
    status,
    arguments: call.arguments,
    call_id,
    name,
  }
}

/** An id of this kind from that of the request, which may be a response's already. */
function idOf(kind: 'resp' | 'msg' | 'fc', { id }: Asked): string {
  return `${kind}_${id.replace(/^resp_/, '')}`
}

export function textPart(text: string): JsonObject {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

export function refusalPart(refusal: string): JsonObject {
  return { type: 'refusal', refusal }
}

export function statusOf(finish: unknown): 'completed' | 'incomplete' {
  return finish === 'length' || finish === 'content_filter' ? 'incomplete' : 'completed'
}

function usageOf(usage: JsonObject): JsonObject {
  const input_tokens = countOf(usage.prompt_tokens)
  const output_tokens = countOf(usage.completion_tokens)
  const read = objectOf(usage.prompt_tokens_details)
  const written = objectOf(usage.completion_tokens_details)
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: countOf(read.cached_tokens) },
    output_tokens,
    output_tokens_details: { reasoning_tokens: countOf(written.reasoning_tokens) },
    total_tokens: countOf(usage.total_tokens) || input_tokens + output_tokens,
  }
}
