import { isObject, objectOf, objectsOf, picked, textOf } from './json-object.ts'
import { Untranslatable, type JsonObject, type StreamTranslator } from './provider.ts'
import { broken, DONE, errorEvent, sseEvent, translator } from './translator.ts'
import { errorIn } from './stream-error.ts'

/** What a chat request has under the same name and with the same meaning. */
const SHARED = [
  'frequency_penalty',
  'logit_bias',
  'max_tokens',
  'metadata',
  'model',
  'n',
  'presence_penalty',
  'seed',
  'stop',
  'stream',
  'stream_options',
  'temperature',
  'top_p',
  'user',
]

/**
 * OpenAI's legacy completions for models that only chat: the prompt becomes the user's one message, so that the text is
 * answered rather than continued.
 *
 * @throws Untranslatable for several prompts, tokens, `suffix`, `echo`, `logprobs` and `best_of`.
 */
export function chatRequest(body: JsonObject): JsonObject {
  for (const field of ['suffix', 'echo', 'logprobs'])
    if (body[field]) throw new Untranslatable(field, `${field} is not possible with a chat model`)
  if (typeof body.best_of === 'number' && body.best_of > 1)
    throw new Untranslatable('best_of', 'best_of is not possible with a chat model')
  const prompts = Array.isArray(body.prompt) ? body.prompt : [body.prompt]
  const [prompt] = prompts
  if (prompts.length !== 1 || typeof prompt !== 'string')
    throw new Untranslatable('prompt', 'A chat model takes one prompt, as text')
  return { ...picked(body, SHARED), messages: [{ role: 'user', content: prompt }] }
}

/** A legacy completion from a chat completion. */
export function completionOf(chat: JsonObject): JsonObject {
  return {
    ...picked(chat, ['id', 'created', 'model', 'usage']),
    object: 'text_completion',
    choices: objectsOf(chat.choices).map((choice) =>
      choiceOf(choice, textOf(objectOf(choice.message).content)),
    ),
  }
}

/** The stream of a legacy completion from that of a chat completion. */
export function completionStream(): StreamTranslator {
  let usage: JsonObject | null = null
  let finished = false
  return translator((out) => ({
    event(chunk) {
      const error = errorIn(chunk)
      if (error) return out.fail(error)
      if (isObject(chunk.usage)) ({ usage } = chunk as { usage: JsonObject })
      const choices = objectsOf(chunk.choices)
      finished ||= choices.some(({ finish_reason }) => typeof finish_reason === 'string')
      out.write(
        sseEvent({
          ...picked(chunk, ['id', 'created', 'model']),
          object: 'text_completion',
          choices: choices.map((choice) => choiceOf(choice, textOf(objectOf(choice.delta).content))),
          ...('usage' in chunk ? { usage: chunk.usage } : {}),
        }),
      )
    },
    end(said) {
      if (!said && !finished) return out.fail(broken('The stream of the model broke off'))
      out.write(DONE)
      out.close()
    },
    error: errorEvent,
    usage: () => usage,
  }))
}

function choiceOf(choice: JsonObject, text: string): JsonObject {
  return { text, index: choice.index ?? 0, logprobs: null, finish_reason: choice.finish_reason ?? null }
}
