import { own } from '../../own.ts'
import { chatWriter } from '../chat-stream.ts'
import { countOf, objectOf, textOf } from '../json-object.ts'
import type { Asked, JsonObject, StreamTranslator } from '../provider.ts'
import { broken, errorEvent, translator } from '../translator.ts'
import { errorOf } from './error.ts'
import { anthropicUsage, finishReason } from './response.ts'

/** A call of a tool that is being written. */
interface OpenCall {
  /** Among the answer's calls. */
  index: number
  input: unknown
  written: boolean
}

/**
 * Chunks of a chat completion from the events of Anthropic's stream: text and arguments as they come, thinking left out,
 * pings and unknown events ignored.
 *
 * See https://platform.claude.com/docs/en/build-with-claude/streaming
 */
export function messagesStream(asked: Asked): StreamTranslator {
  let usage: JsonObject | null = null
  const calls = new Map<number, OpenCall>()
  return translator((out) => {
    const chat = chatWriter(asked, out)
    const writeArguments = (call: OpenCall, text: string) => {
      call.written = true
      chat.delta({ tool_calls: [{ index: call.index, function: { arguments: text } }] })
    }
    /** Counts are sums so far, so that a smaller one is none: some servers say 0 for what they told before. */
    const addUsage = (more: unknown) => {
      const sums = usage ?? {}
      for (const [name, count] of Object.entries(objectOf(more)))
        if (typeof count === 'number') sums[name] = Math.max(count, countOf(sums[name]))
      usage = sums
    }
    const on: Record<string, (event: JsonObject) => void> = {
      message_start({ message }) {
        const { id, model, usage } = objectOf(message)
        chat.name(id, model)
        addUsage(usage)
      },
      content_block_start({ index, content_block }) {
        const { type, text, id, name, input } = objectOf(content_block)
        if (type === 'text' && textOf(text) !== '') chat.delta({ content: text })
        if (type !== 'tool_use') return
        const call = { index: calls.size, input, written: false }
        calls.set(countOf(index), call)
        chat.delta({
          tool_calls: [{ index: call.index, id, type: 'function', function: { name, arguments: '' } }],
        })
      },
      content_block_delta({ index, delta }) {
        const { type, text, partial_json } = objectOf(delta)
        if (type === 'text_delta' && textOf(text) !== '') chat.delta({ content: text })
        const call = calls.get(countOf(index))
        if (type === 'input_json_delta' && call && textOf(partial_json) !== '')
          writeArguments(call, textOf(partial_json))
      },
      content_block_stop({ index }) {
        const call = calls.get(countOf(index))
        // A call without arguments comes without a delta, and an empty text would be no JSON.
        if (call && !call.written) writeArguments(call, JSON.stringify(call.input ?? {}))
      },
      message_delta({ delta, usage }) {
        addUsage(usage)
        const { stop_reason } = objectOf(delta)
        if (typeof stop_reason === 'string') chat.finish(finishReason(stop_reason))
      },
      message_stop() {
        chat.finish(calls.size > 0 ? 'tool_calls' : 'stop')
        chat.complete(usage && anthropicUsage(usage))
      },
      error({ error }) {
        const { type, message } = objectOf(error)
        out.fail(errorOf(textOf(type), textOf(message)))
      },
    }
    return {
      event: (event) => {
        const { type } = event
        if (typeof type === 'string') own(on, type)?.(event)
      },
      end: () => out.fail(broken('The stream of the model broke off')),
      error: errorEvent,
      usage: () => usage && anthropicUsage(usage),
    }
  })
}
