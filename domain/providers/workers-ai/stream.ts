import { chatWriter } from '../chat-stream.ts'
import { isObject, objectOf, objectsOf, picked, textOf } from '../json-object.ts'
import type { Asked, JsonObject, StreamTranslator } from '../provider.ts'
import { errorIn } from '../stream-error.ts'
import { broken, errorEvent, translator } from '../translator.ts'
import { workersAiError } from './error.ts'
import { finishOf, responseText, toolCallOf, usageFrom } from './response.ts'

/**
 * Chunks of a chat completion from a stream of Workers AI: of events `{ response, tool_calls, usage }`, or, with newer
 * models, of OpenAI's chunks, some with quirks. A whole answer as the only event will do, too: some models do not stream.
 */
export function runStream(asked: Asked): StreamTranslator {
  let usage: JsonObject | null = null
  let reason: unknown
  /** Calls seen: of the flat form each comes whole and unnumbered. */
  let flatCalls = 0
  const started = new Set<number>()
  return translator((out) => {
    const chat = chatWriter(asked, out)
    const native = ({ response, tool_calls }: JsonObject) => {
      const text = responseText(response)
      if (text !== '') chat.delta({ content: text })
      for (const call of objectsOf(tool_calls)) {
        if (isObject(call.function) || call.index !== undefined) piece(call, 0)
        else if (textOf(call.name) !== '') {
          const index = flatCalls++
          chat.delta({ tool_calls: [{ index, ...toolCallOf(call, asked, index) }] })
        }
      }
    }
    /** A piece of a call; one without id, name and arguments only says that it is over. */
    const piece = (call: JsonObject, at: number) => {
      const { name, arguments: given } = objectOf(call.function)
      const index = typeof call.index === 'number' ? call.index : at
      if (!call.id && !name && !given) return
      const written = typeof given === 'string' || !given ? textOf(given) : JSON.stringify(given)
      const first = started.has(index)
        ? { index, function: { arguments: written } }
        : { index, ...toolCallOf({ ...call, function: { name, arguments: written } }, asked, index) }
      started.add(index)
      chat.delta({ tool_calls: [first] })
    }
    const openaiShaped = (chunk: JsonObject) => {
      chat.name(chunk.id, chunk.model)
      const { delta, message, finish_reason } = objectOf(objectsOf(chunk.choices)[0])
      const { content, tool_calls, ...others } = objectOf(delta ?? message)
      const reasoning = picked(others, ['reasoning_content', 'reasoning', 'refusal'])
      if (Object.keys(reasoning).length > 0) chat.delta(reasoning)
      if (textOf(content) !== '') chat.delta({ content })
      objectsOf(tool_calls).forEach(piece)
      reason = finish_reason ?? reason
    }
    return {
      event(chunk) {
        const error =
          errorIn(chunk) ?? (Array.isArray(chunk.errors) ? workersAiError(500, JSON.stringify(chunk)) : null)
        if (error) return out.fail(error)
        if (isObject(chunk.usage)) usage = usageFrom(chunk.usage)
        reason = chunk.finish_reason ?? reason
        if (Array.isArray(chunk.choices)) openaiShaped(chunk)
        else native(chunk)
      },
      end(said) {
        if (!said && typeof reason !== 'string') return out.fail(broken('The stream of the model broke off'))
        chat.finish(finishOf(reason, flatCalls + started.size > 0, usage, asked))
        chat.complete(usage)
      },
      error: errorEvent,
      usage: () => usage,
    }
  })
}
