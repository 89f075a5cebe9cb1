import { isEmpty, amountIn, countIn, first, listOf, nameIn, recordOf, textIn } from '../attribute.ts'
import { finishReasons } from '../finish-reason.ts'
import { itemsOf, unflattened } from '../flattened.ts'
import { messageList } from '../messages.ts'
import { payloadFinishReasons, payloadMessages } from '../payload.ts'
import { providerName } from '../provider-name.ts'
import type { Attributes, SemconvSpan } from '../span.ts'
import type { ChatMessage } from '../view.ts'
import { stated, type Convention } from './convention.ts'

/**
 * Names that OpenTelemetry's conventions had, which are in the wild: `gen_ai.system`, `usage.prompt_tokens`, contents as
 * attributes (v1.27, also flattened as OpenLLMetry does) and as events (v1.28 to 1.36), and what OpenLIT and OpenLLMetry
 * added for what they had not. Source: open-telemetry/semantic-conventions, model/gen-ai/deprecated/.
 */
export const genAiPrevious: Convention = {
  name: 'gen_ai_previous',
  read(span) {
    const { attributes: a } = span
    const prompt = first(a, 'gen_ai.prompt') ?? inEvent(span, 'gen_ai.content.prompt', 'gen_ai.prompt')
    const completion =
      first(a, 'gen_ai.completion') ?? inEvent(span, 'gen_ai.content.completion', 'gen_ai.completion')
    const choices = itemsOf(unflattened(a, 'gen_ai.completion'))
    const events = (span.events ?? []).filter(({ name }) => name === 'gen_ai.choice')
    return stated({
      provider: providerName(first(a, 'gen_ai.system')),
      inputTokens: countIn(a, 'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens'),
      outputTokens: countIn(a, 'gen_ai.usage.completion_tokens', 'llm.usage.completion_tokens'),
      totalTokens: countIn(a, 'gen_ai.usage.total_tokens', 'llm.usage.total_tokens'),
      cacheReadTokens: countIn(a, 'gen_ai.usage.cache_read_input_tokens'),
      cacheWriteTokens: countIn(a, 'gen_ai.usage.cache_creation_input_tokens'),
      costUsd: amountIn(a, 'gen_ai.usage.cost'),
      input: firstFilled(
        payloadMessages(prompt, 'user'),
        messageList(itemsOf(unflattened(a, 'gen_ai.prompt')), 'user'),
        messagesInEvents(span),
      ),
      output: firstFilled(
        payloadMessages(completion, 'assistant'),
        messageList(choices, 'assistant'),
        messageList(events.map(choiceOf), 'assistant'),
      ),
      inputText: textIn(a, 'input'),
      outputText: textIn(a, 'output'),
      finishReasons: firstFilled(
        payloadFinishReasons(completion),
        choices.flatMap((choice) => finishReasons(recordOf(choice).finish_reason)),
        events.flatMap((event) => finishReasons(bodyOf(event.attributes).finish_reason)),
      ),
      sessionId: nameIn(a, 'gen_ai.thread.id', 'gen_ai.openai.thread.id'),
      userId: nameIn(a, 'gen_ai.user.id', 'enduser.id'),
    })
  },
}

function firstFilled<T>(...lists: readonly T[][]): T[] {
  return lists.find(({ length }) => length > 0) ?? []
}

function inEvent({ events = [] }: SemconvSpan, event: string, name: string): unknown {
  return first(events.find((one) => one.name === event)?.attributes ?? {}, name)
}

/** Roles of the events of v1.28 and after, a message each. */
const ROLE_EVENTS = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
])

function messagesInEvents({ events = [] }: SemconvSpan): ChatMessage[] {
  const bodies = events.flatMap(({ name, attributes }) => {
    const role = ROLE_EVENTS.get(name)
    if (role === undefined) return []
    const { id, ...body } = bodyOf(attributes)
    return [{ role, ...body, ...(role === 'tool' ? { tool_call_id: id } : {}) }]
  })
  return messageList(bodies, 'user')
}

/** The message of a choice stands in it, or is it. */
function choiceOf({ attributes }: { attributes: Attributes }): Attributes {
  const body = bodyOf(attributes)
  const message = recordOf(body.message)
  return isEmpty(message) ? body : { tool_calls: body.tool_calls, ...message }
}

/** An event's body: its attributes, or JSON in one of them, as Azure's SDKs write it. Lists in it may be JSON as well. */
function bodyOf(attributes: Attributes): Attributes {
  const body = { ...attributes, ...recordOf(first(attributes, 'gen_ai.event.content')) }
  return 'tool_calls' in body ? { ...body, tool_calls: listOf(body.tool_calls) } : body
}
