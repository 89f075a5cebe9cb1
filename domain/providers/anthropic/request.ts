import { isObject, objectOf, objectsOf } from '../json-object.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'
import { turnsOf } from './messages.ts'
import { toolsOf } from './tools.ts'

/** Anthropic must be told how much it may write, OpenAI need not: this is what all current models may. */
const DEFAULT_MAX_TOKENS = 8_192
/** Anthropic's warmest temperature, which is its default too; OpenAI's is 2. */
const MAX_TEMPERATURE = 1

/**
 * A request to Anthropic's Messages API for a chat completion. What only tunes an answer and has no counterpart is left
 * out, as Anthropic's own endpoint for OpenAI clients does: penalties, `seed`, `logit_bias`, `logprobs`,
 * `reasoning_effort`, `service_tier`, `store`, `verbosity`. What would change its kind is refused.
 *
 * See https://platform.claude.com/docs/en/api/messages/create and …/docs/en/api/openai-sdk
 *
 * @throws Untranslatable for more than one choice, audio, the deprecated `functions`, and content that Anthropic lacks.
 */
export function messagesRequest(body: JsonObject, model: string): JsonObject {
  refuse(body)
  const { system, turns } = turnsOf(objectsOf(body.messages))
  const { instruction, outputFormat } = formatOf(body.response_format)
  const instructions = [system, instruction].filter((text) => text !== '').join('\n\n')
  const stops = [body.stop].flat().filter((stop) => typeof stop === 'string' && stop.trim() !== '')
  const user = body.user ?? body.safety_identifier ?? objectOf(body.metadata).user_id
  return {
    model,
    max_tokens: body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_MAX_TOKENS,
    ...(instructions === '' ? {} : { system: instructions }),
    messages: turns,
    ...toolsOf(body),
    ...samplingOf(body),
    ...(stops.length > 0 ? { stop_sequences: stops } : {}),
    ...(outputFormat && { output_config: { format: outputFormat } }),
    ...(typeof user === 'string' && user !== '' ? { metadata: { user_id: user } } : {}),
    ...(body.stream === true ? { stream: true } : {}),
  }
}

function refuse({ n, audio, modalities, functions, web_search_options }: JsonObject) {
  if (typeof n === 'number' && n !== 1) throw new Untranslatable('n', 'Anthropic gives one choice')
  if (audio || (Array.isArray(modalities) && modalities.includes('audio')))
    throw new Untranslatable('modalities', 'Anthropic answers in text only')
  if (functions) throw new Untranslatable('functions', 'functions is deprecated: use tools')
  if (web_search_options)
    throw new Untranslatable('web_search_options', 'Web search is not possible with this model')
}

/** New models take no temperature beside `top_p`, and some take neither: what is the default anyway is left out. */
function samplingOf({ temperature, top_p, top_k }: JsonObject): JsonObject {
  const cut = typeof temperature === 'number' ? Math.min(temperature, MAX_TEMPERATURE) : MAX_TEMPERATURE
  return {
    ...(cut < MAX_TEMPERATURE
      ? { temperature: cut }
      : typeof top_p === 'number' && top_p < 1
        ? { top_p }
        : {}),
    ...(typeof top_k === 'number' ? { top_k } : {}),
  }
}

/**
 * A strict schema is Anthropic's structured output, which makes the same promise. A schema that is not strict, and any
 * JSON, are asked for in words: that takes every schema and every model, goes with tools and streams as text, none of
 * which a forced tool does.
 */
function formatOf(format: unknown): { instruction: string; outputFormat?: JsonObject } {
  if (!isObject(format) || format.type === 'text') return { instruction: '' }
  const only = 'Answer with one JSON value and nothing else: no words around it and no code fence.'
  if (format.type === 'json_object') return { instruction: only }
  if (format.type !== 'json_schema')
    throw new Untranslatable('response_format', `There is no response format ${String(format.type)}`)
  const { schema, strict, description } = objectOf(format.json_schema)
  if (strict === true && isObject(schema))
    return { instruction: '', outputFormat: { type: 'json_schema', schema } }
  const what = typeof description === 'string' ? ` (${description})` : ''
  return {
    instruction: `${only} It must satisfy this JSON schema${what}:\n${JSON.stringify(schema ?? {})}`,
  }
}
