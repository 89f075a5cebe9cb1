import { chatCompletion, usageOf } from '../chat-stream.ts'
import { countOf, isObject, objectOf, objectsOf, textOf } from '../json-object.ts'
import type { Asked, JsonObject } from '../provider.ts'
import { maxTokensOf } from './request.ts'

/**
 * A chat completion from what `env.AI.run` gave: a completion already with newer models, `{ response, tool_calls, usage }`
 * with others. The REST API's envelope is taken off.
 */
export function completionOf(json: unknown, asked: Asked): JsonObject {
  const output = resultOf(json)
  if (Array.isArray(output.choices))
    return {
      object: 'chat.completion',
      created: Math.floor(asked.at.getTime() / 1000),
      model: asked.body.model,
      ...output,
      id: typeof output.id === 'string' ? output.id : asked.id,
    }
  const calls = objectsOf(output.tool_calls).map((call, i) => toolCallOf(call, asked, i))
  if (output.response === undefined && calls.length === 0)
    throw new TypeError('the answer is none of a Workers AI chat model')
  const text = responseText(output.response)
  const usage = usageFrom(output.usage)
  return chatCompletion(asked, {
    message: {
      content: text === '' && calls.length > 0 ? null : text,
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
    finish: finishOf(output.finish_reason, calls.length > 0, usage, asked),
    usage,
  })
}

export function resultOf(json: unknown): JsonObject {
  if (!isObject(json)) throw new TypeError('the answer is none of Workers AI')
  return isObject(json.result) ? json.result : json
}

/** Text; in JSON mode the value itself, and a number where the text was one. */
export function responseText(response: unknown): string {
  if (typeof response === 'string') return response
  return response === null || response === undefined ? '' : JSON.stringify(response)
}

/** Models that do not say why they ended were cut off where they wrote all that they might. */
export function finishOf(
  reason: unknown,
  called: boolean,
  usage: JsonObject | null,
  { body }: Asked,
): string {
  if (typeof reason === 'string') return reason
  if (called) return 'tool_calls'
  return countOf(usage?.completion_tokens) >= maxTokensOf(body) ? 'length' : 'stop'
}

export function usageFrom(usage: unknown): JsonObject {
  const { prompt_tokens, completion_tokens } = objectOf(usage)
  return usageOf(prompt_tokens, completion_tokens)
}

/** A call of a tool, which Workers AI writes flat, with the arguments as a value, or as OpenAI does. */
export function toolCallOf(call: JsonObject, asked: Asked, index: number): JsonObject {
  const called = isObject(call.function) ? call.function : call
  const { name, arguments: given } = called
  return {
    id: typeof call.id === 'string' && call.id !== '' ? call.id : `call_${asked.id}_${index}`,
    type: 'function',
    function: {
      name: textOf(name),
      arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}),
    },
  }
}
