import { own } from '../../own.ts'
import { chatCompletion, usageOf } from '../chat-stream.ts'
import { countOf, isObject, objectOf, objectsOf, textOf } from '../json-object.ts'
import type { Asked, JsonObject } from '../provider.ts'

/** Why OpenAI says that an answer ended, by Anthropic's word. */
const FINISH_REASONS: Record<string, string> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool_calls',
  refusal: 'content_filter',
}

export function finishReason(stopReason: unknown): string {
  return (typeof stopReason === 'string' && own(FINISH_REASONS, stopReason)) || 'stop'
}

/** A chat completion from a message of Anthropic's. Thinking is left out. */
export function completionOf(json: unknown, asked: Asked): JsonObject {
  if (!isObject(json) || !Array.isArray(json.content))
    throw new TypeError('the answer is no Anthropic message')
  const blocks = objectsOf(json.content)
  const texts = blocks.filter(({ type }) => type === 'text').map(({ text }) => textOf(text))
  const calls = blocks.filter(({ type }) => type === 'tool_use').map(toolCall)
  return chatCompletion(asked, {
    id: json.id,
    model: json.model,
    message: {
      content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
    finish: finishReason(json.stop_reason),
    usage: anthropicUsage(objectOf(json.usage)),
  })
}

function toolCall({ id, name, input }: JsonObject): JsonObject {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(input ?? {}) } }
}

/** Anthropic counts what it reads from the cache, and what it writes there, apart from the input. */
export function anthropicUsage(usage: JsonObject): JsonObject {
  const cached = countOf(usage.cache_read_input_tokens)
  const prompt = countOf(usage.input_tokens) + countOf(usage.cache_creation_input_tokens) + cached
  return usageOf(prompt, usage.output_tokens, { prompt_tokens_details: { cached_tokens: cached } })
}
