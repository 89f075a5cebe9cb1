import type { Tool, ToolCall } from '../../domain/dataset/tool-call.ts'
import { readToolCalls } from '../../domain/dataset/tool-call-wire.ts'
import type { Message } from '../../domain/dataset/transcript.ts'
import type { JsonObject } from '../../domain/providers/json-object.ts'

/** What a model answered. A call of a tool alone has no text. */
export interface Completion {
  text: string
  /** Absent when no tools were offered and none was called. */
  toolCalls?: ToolCall[]
  inputTokens?: number
  outputTokens?: number
}

/** Body of a chat completion in OpenAI's shape, without its model. */
export function completionRequest(messages: readonly Message[], tools?: readonly Tool[]): JsonObject {
  return {
    messages,
    temperature: 0,
    ...(tools && tools.length > 0
      ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) }
      : {}),
  }
}

/** @throws TypeError when there is neither text nor a tool call in it, SyntaxError when it is no JSON */
export function readCompletion(body: string, tools: readonly Tool[] = []): Completion {
  const parsed = JSON.parse(body) as {
    choices?: { message?: { content?: unknown; tool_calls?: unknown } }[]
    usage?: { prompt_tokens?: unknown; completion_tokens?: unknown }
  }
  const { content, tool_calls } = parsed.choices?.[0]?.message ?? {}
  const toolCalls = readToolCalls(tool_calls)
  if (typeof content !== 'string' && toolCalls.length === 0)
    throw new TypeError('the completion has no choices[0].message.content')
  const { prompt_tokens, completion_tokens } = parsed.usage ?? {}
  return {
    text: typeof content === 'string' ? content : '',
    ...(tools.length > 0 || toolCalls.length > 0 ? { toolCalls } : {}),
    ...(typeof prompt_tokens === 'number' ? { inputTokens: prompt_tokens } : {}),
    ...(typeof completion_tokens === 'number' ? { outputTokens: completion_tokens } : {}),
  }
}
