import { countOf, objectOf } from './json-object.ts'
import type { Asked, JsonObject } from './provider.ts'
import { DONE, sseEvent, type Out } from './translator.ts'

/** Writes an answer as the chunks of OpenAI's chat completions. */
export interface ChatWriter {
  /** Id and model, where the provider gives them. */
  name(id: unknown, model: unknown): void
  delta(delta: JsonObject): void
  /** The last chunk with a choice. */
  finish(reason: string): void
  readonly finished: boolean
  /** The chunk with the usage, where it was asked for, and the end. */
  complete(usage: JsonObject | null): void
}

export function chatWriter(asked: Asked, out: Out): ChatWriter {
  const created = secondsOf(asked.at)
  const withUsage = objectOf(asked.body.stream_options).include_usage === true
  let id = asked.id
  let model = String(asked.body.model)
  let opened = false
  let finished = false
  const chunk = (choices: JsonObject[], usage: JsonObject | null) =>
    out.write(
      sseEvent({
        id,
        object: 'chat.completion.chunk',
        created,
        model,
        choices,
        ...(withUsage ? { usage } : {}),
      }),
    )
  const write = (delta: JsonObject, finish_reason: string | null) => {
    const first = opened ? {} : { role: 'assistant', content: 'tool_calls' in delta ? null : '' }
    opened = true
    chunk([{ index: 0, delta: { ...first, ...delta }, logprobs: null, finish_reason }], null)
  }
  return {
    name(givenId, givenModel) {
      if (typeof givenId === 'string') id = givenId
      if (typeof givenModel === 'string') model = givenModel
    },
    delta(delta) {
      if (!finished) write(delta, null)
    },
    finish(reason) {
      if (!finished) write({}, reason)
      finished = true
    },
    get finished() {
      return finished
    },
    complete(usage) {
      if (withUsage && usage) chunk([], usage)
      out.write(DONE)
      out.close()
    },
  }
}

/** A whole chat completion. */
export function chatCompletion(
  asked: Asked,
  answer: { id?: unknown; model?: unknown; message: JsonObject; finish: string; usage: JsonObject },
): JsonObject {
  return {
    id: typeof answer.id === 'string' ? answer.id : asked.id,
    object: 'chat.completion',
    created: secondsOf(asked.at),
    model: typeof answer.model === 'string' ? answer.model : String(asked.body.model),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...answer.message },
        logprobs: null,
        finish_reason: answer.finish,
      },
    ],
    usage: answer.usage,
  }
}

export function usageOf(prompt: unknown, completion: unknown, details: JsonObject = {}): JsonObject {
  const prompt_tokens = countOf(prompt)
  const completion_tokens = countOf(completion)
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens, ...details }
}

export function secondsOf(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}
