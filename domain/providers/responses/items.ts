import { objectsOf, picked, textOf } from '../json-object.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'

/**
 * Chat messages for the input of a response. Calls of functions belong to the assistant's message before them;
 * reasoning of earlier answers is left out, for a chat cannot take it back.
 */
export function messagesOf(input: unknown): JsonObject[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }]
  if (!Array.isArray(input)) throw new Untranslatable('input', 'input must be a text or an array of items')
  const messages: JsonObject[] = []
  objectsOf(input).forEach((item, i) => {
    const at = `input[${i}]`
    const type = item.type ?? 'message'
    if (type === 'message') addMessage(messages, messageOf(item, `${at}.content`))
    else if (type === 'function_call') addCall(messages, item)
    else if (type === 'function_call_output')
      messages.push({
        role: 'tool',
        tool_call_id: textOf(item.call_id),
        content: outputOf(item.output, `${at}.output`),
      })
    else if (type !== 'reasoning')
      throw new Untranslatable(at, `An item of type ${String(type)} is not possible here`)
  })
  if (messages.length === 0) throw new Untranslatable('input', 'input must hold at least one message')
  return messages
}

/** A developer's message is the system's with all that chat, and of parts that are text one text is made, which all take. */
function messageOf({ role: given, content }: JsonObject, param: string): JsonObject {
  const role = given === 'developer' ? 'system' : given
  if (typeof content === 'string') return { role, content }
  if (!Array.isArray(content)) throw new Untranslatable(param, `${param} must be a text or an array of parts`)
  const parts = objectsOf(content).map((part, i) => partOf(part, `${param}[${i}]`))
  const plain = parts.every(({ type }) => type === 'text') && (role !== 'user' || parts.length === 1)
  return { role, content: plain ? parts.map(({ text }) => text).join('') : parts }
}

/** What the assistant said beside calls belongs to their message: the results must come right behind it. */
function addMessage(messages: JsonObject[], message: JsonObject) {
  const last = messages.at(-1)
  if (message.role === 'assistant' && last?.tool_calls && last.content === null)
    last.content = message.content
  else messages.push(message)
}

function partOf(part: JsonObject, param: string): JsonObject {
  const { type } = part
  if (type === 'input_text' || type === 'output_text') return { type: 'text', text: textOf(part.text) }
  if (type === 'refusal') return { type, refusal: textOf(part.refusal) }
  if (type === 'input_image' && typeof part.image_url === 'string')
    return { type: 'image_url', image_url: { url: part.image_url, ...picked(part, ['detail']) } }
  if (type === 'input_file' && !part.file_url)
    return { type: 'file', file: picked(part, ['file_data', 'file_id', 'filename']) }
  throw new Untranslatable(
    param,
    `A part of type ${String(type)} is not possible here, or not by its id or URL`,
  )
}

function addCall(messages: JsonObject[], item: JsonObject) {
  const call = {
    id: textOf(item.call_id),
    type: 'function',
    function: { name: textOf(item.name), arguments: textOf(item.arguments) },
  }
  const last = messages.at(-1)
  if (last?.role !== 'assistant') messages.push({ role: 'assistant', content: null, tool_calls: [call] })
  else last.tool_calls = [...objectsOf(last.tool_calls), call]
}

/** What a tool said: the texts of its parts, for a chat takes nothing else from a tool. */
function outputOf(output: unknown, param: string): string {
  if (typeof output === 'string') return output
  return objectsOf(output)
    .map(({ type, text }) => {
      if (type !== 'input_text') throw new Untranslatable(param, 'Outputs of tools must be text')
      return textOf(text)
    })
    .join('')
}
