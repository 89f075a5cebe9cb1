import { isObject, objectOf, objectsOf, textOf } from '../json-object.ts'
import type { Asked, JsonObject, StreamTranslator } from '../provider.ts'
import { errorIn } from '../stream-error.ts'
import { broken, sseEvent, translator } from '../translator.ts'
import { openItems } from './open-items.ts'
import { failedResponse, finishedResponse, responseFrame, statusOf } from './response.ts'

/**
 * The events of a response from the chunks of a chat completion: `response.created` and `.in_progress`, the items as
 * they grow, their ends once the answer has ended, then `response.completed`, `.incomplete` or `.failed`. There is no
 * `[DONE]`.
 *
 * See https://platform.openai.com/docs/api-reference/responses-streaming
 */
export function responseStream(asked: Asked): StreamTranslator {
  let sequence_number = 0
  let model: unknown = null
  let finish: unknown = null
  let usage: JsonObject | null = null
  const eventText = (type: string, fields: JsonObject) =>
    sseEvent({ type, sequence_number: sequence_number++, ...fields }, type)
  return translator((out) => {
    const emit = (type: string, fields: JsonObject) => out.write(eventText(type, fields))
    const items = openItems(asked, emit)
    const open = () => {
      if (sequence_number > 0) return
      emit('response.created', { response: responseFrame(asked, model) })
      emit('response.in_progress', { response: responseFrame(asked, model) })
    }
    return {
      event(chunk) {
        const error = errorIn(chunk)
        if (error) return out.fail(error)
        model ??= chunk.model
        if (isObject(chunk.usage)) ({ usage } = chunk as { usage: JsonObject })
        const choice = objectOf(objectsOf(chunk.choices)[0])
        const delta = objectOf(choice.delta)
        if (typeof choice.finish_reason === 'string' || says(delta)) open()
        items.text(textOf(delta.content))
        items.refusal(textOf(delta.refusal))
        for (const call of objectsOf(delta.tool_calls)) items.call(call)
        finish = choice.finish_reason ?? finish
      },
      end(said) {
        if (finish === null && !said) return out.fail(broken('The stream of the model broke off'))
        open()
        const output = items.close(statusOf(finish))
        const response = finishedResponse(asked, { model, output, finish, usage })
        emit(`response.${statusOf(finish)}`, { response })
        out.close()
      },
      error(error) {
        const { message, code, param } = error
        const response = failedResponse(asked, { model, output: [], finish, usage }, error)
        // `error` stands twice, as OpenAI documents it and as it sends it: the latter is what its SDKs raise.
        return (
          eventText('error', { message, code, param, error }) + eventText('response.failed', { response })
        )
      },
      usage: () => usage,
    }
  })
}

/** Whether a delta holds anything of the answer: the first one, as a rule, has only the role. */
function says({ role: _, ...fields }: JsonObject): boolean {
  return Object.values(fields).some(
    (value) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0),
  )
}
