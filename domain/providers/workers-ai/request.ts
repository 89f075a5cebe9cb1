import { functionCalls, partsOf, plainText } from '../content.ts'
import { isObject, objectOf, objectsOf, picked, textOf } from '../json-object.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'

/** What Workers AI takes under OpenAI's names. */
const SHARED = [
  'frequency_penalty',
  'presence_penalty',
  'reasoning_effort',
  'seed',
  'stop',
  'stream',
  'temperature',
  'top_p',
]

/**
 * Most models write 256 tokens where they are not told, which would cut answers off: so many fit all current ones
 * beside a prompt. See `max_tokens` in https://developers.cloudflare.com/workers-ai/models/
 */
const DEFAULT_MAX_TOKENS = 4_096

/** How much an answer may hold, in tokens. */
export function maxTokensOf({ max_completion_tokens, max_tokens }: JsonObject): number {
  const asked = max_completion_tokens ?? max_tokens
  return typeof asked === 'number' ? asked : DEFAULT_MAX_TOKENS
}

/**
 * The input of `env.AI.run` for a chat completion. Its models check messages more strictly than OpenAI: a content must
 * be there, and be text unless it holds an image.
 *
 * See https://developers.cloudflare.com/workers-ai/features/function-calling/ and …/features/json-mode/
 */
export function chatInput(body: JsonObject): JsonObject {
  if (typeof body.n === 'number' && body.n !== 1) throw new Untranslatable('n', 'Workers AI gives one choice')
  return {
    messages: objectsOf(body.messages).map((message, i) => messageOf(message, `messages[${i}]`)),
    ...picked(body, SHARED),
    max_tokens: maxTokensOf(body),
    ...toolsOf(body),
    ...formatOf(body.response_format),
  }
}

function messageOf(message: JsonObject, param: string): JsonObject {
  const { role, content, tool_calls, tool_call_id, name } = message
  const parts = partsOf(content, `${param}.content`)
  const rich = parts.some(({ type }) => type !== 'text' && type !== 'refusal')
  const calls = functionCalls(tool_calls, `${param}.tool_calls`)
  return {
    role: role === 'developer' ? 'system' : role,
    content: rich ? parts : plainText(content, `${param}.content`),
    ...(calls.length > 0
      ? { tool_calls: calls.map(({ id, ...called }) => ({ id, type: 'function', function: called })) }
      : {}),
    ...(typeof tool_call_id === 'string' ? { tool_call_id } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  }
}

/** A tool cannot be named as the only choice: it is the only one sent, and must be used. */
function toolsOf({ tools, tool_choice, parallel_tool_calls }: JsonObject): JsonObject {
  const all = objectsOf(tools)
  if (all.length === 0) return {}
  const parallel = typeof parallel_tool_calls === 'boolean' ? { parallel_tool_calls } : {}
  if (!isObject(tool_choice)) return { tools: all, ...(tool_choice ? { tool_choice } : {}), ...parallel }
  const named = textOf(objectOf(tool_choice.function).name)
  const chosen = all.filter((tool) => objectOf(tool.function).name === named)
  if (chosen.length === 0) throw new Untranslatable('tool_choice', `There is no tool ${named}`)
  return { tools: chosen, tool_choice: 'required', ...parallel }
}

/** The schema stands where OpenAI has its name too. */
function formatOf(format: unknown): JsonObject {
  if (!isObject(format) || format.type === 'text') return {}
  if (format.type !== 'json_schema') return { response_format: { type: format.type } }
  const { schema } = objectOf(format.json_schema)
  return { response_format: { type: 'json_schema', json_schema: schema ?? {} } }
}
