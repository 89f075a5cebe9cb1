import { isObject, objectOf, objectsOf, picked, textOf } from '../json-object.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'
import { messagesOf } from './items.ts'

/** What a chat request has under the same name and with the same meaning. */
const SHARED = [
  'model',
  'parallel_tool_calls',
  'prompt_cache_key',
  'safety_identifier',
  'service_tier',
  'stream',
  'temperature',
  'top_p',
  'user',
  // Ours, for a prompt that the route renders.
  'variables',
]

/** What would need state that Sluice does not keep, or what chat completions cannot tell. */
const REFUSED: Record<string, string> = {
  previous_response_id: 'Sluice keeps no responses: send the whole conversation as input',
  conversation: 'Sluice keeps no conversations: send the whole conversation as input',
  background: 'Sluice runs no responses in the background: ask without background',
  prompt: 'Stored prompts are not possible: bind a prompt to the route',
  top_logprobs: 'Log probabilities are not possible on /v1/responses',
}

/**
 * The chat request for one to OpenAI's Responses API. Left out as without effect on the answer's kind: `include`, `store`
 * (nothing is stored), `metadata` (OpenAI takes it only of chats that are stored), `truncation` (nothing is cut).
 *
 * See https://platform.openai.com/docs/api-reference/responses/create
 *
 * @throws Untranslatable for state kept on the server, hosted tools and inputs that a chat has no words for.
 */
export function chatRequest(body: JsonObject): JsonObject {
  for (const [field, message] of Object.entries(REFUSED))
    if (body[field]) throw new Untranslatable(field, message)
  const tools = objectsOf(body.tools).map(toolOf)
  const { effort } = objectOf(body.reasoning)
  const { format, verbosity } = objectOf(body.text)
  const { instructions, max_output_tokens, stream, tool_choice } = body
  return {
    ...picked(body, SHARED),
    messages: [
      ...(typeof instructions === 'string' && instructions !== ''
        ? [{ role: 'system', content: instructions }]
        : []),
      ...messagesOf(body.input),
    ],
    ...(tools.length > 0 ? { tools } : {}),
    ...(tools.length > 0 && tool_choice ? { tool_choice: toolChoice(tool_choice) } : {}),
    ...(isObject(format) && format.type !== 'text' ? { response_format: responseFormat(format) } : {}),
    ...(typeof verbosity === 'string' ? { verbosity } : {}),
    ...(typeof effort === 'string' ? { reasoning_effort: effort } : {}),
    ...(typeof max_output_tokens === 'number' ? { max_completion_tokens: max_output_tokens } : {}),
    ...(stream === true ? { stream_options: { include_usage: true } } : {}),
  }
}

function toolOf({ type, ...tool }: JsonObject, i: number): JsonObject {
  if (type !== 'function')
    throw new Untranslatable(`tools[${i}]`, `Only tools of type function are possible, not ${String(type)}`)
  return { type, function: picked(tool, ['name', 'description', 'parameters', 'strict']) }
}

function toolChoice(choice: unknown): unknown {
  if (typeof choice === 'string') return choice
  const { type, name } = objectOf(choice)
  if (type === 'function') return { type, function: { name: textOf(name) } }
  throw new Untranslatable('tool_choice', 'tool_choice must be auto, none, required or a function')
}

function responseFormat({ type, ...schema }: JsonObject): JsonObject {
  if (type === 'json_object') return { type }
  if (type !== 'json_schema')
    throw new Untranslatable('text.format', `There is no text format ${String(type)}`)
  return { type, json_schema: picked(schema, ['name', 'description', 'schema', 'strict']) }
}
