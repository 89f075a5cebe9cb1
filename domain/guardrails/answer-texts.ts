import { readToolCalls } from '../dataset/tool-call-wire.ts'
import { isObject, objectsOf, type JsonObject } from '../providers/json-object.ts'
import type { Said, Subject } from './guardrail.ts'
import { contentText, mapMessage } from './request-texts.ts'

/** An answer in OpenAI's shape, as checks see it. Embeddings say nothing. */
export function answerSubject(answer: JsonObject, input: Subject['input']): Subject {
  const texts: string[] = []
  mapAnswerTexts(answer, (text) => {
    texts.push(text)
    return text
  })
  return { texts, said: objectsOf(answer.choices).map(saidBy), unreadable: false, input }
}

/** The answer with every text replaced that callers are told. */
export function mapAnswerTexts(answer: JsonObject, map: (text: string) => string): JsonObject {
  if (!Array.isArray(answer.choices)) return answer
  const choices = answer.choices.map((choice) => {
    if (!isObject(choice)) return choice
    const mapped: JsonObject = { ...choice }
    // They spell out the text that was taken out.
    const unchanged = (text: string) => {
      const clean = map(text)
      if (clean !== text && choice.logprobs) mapped.logprobs = null
      return clean
    }
    if (typeof choice.text === 'string') mapped.text = unchanged(choice.text)
    if (isObject(choice.message)) mapped.message = mapMessage(choice.message, unchanged)
    return mapped
  })
  return { ...answer, choices }
}

function saidBy(choice: JsonObject): Said {
  const message = isObject(choice.message) ? choice.message : {}
  const calls = message.tool_calls ?? (isObject(message.function_call) ? [message.function_call] : [])
  const toolCalls = readToolCalls(calls)
  if (typeof choice.text === 'string') return { text: choice.text, toolCalls }
  const text = contentText(message.content)
  // Who calls a tool, or refuses in so many words, has nothing more to say.
  const isSilent = text === '' && (toolCalls.length > 0 || typeof message.refusal === 'string')
  return { text: isSilent ? null : text, toolCalls }
}
