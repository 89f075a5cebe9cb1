import { dataUrl, functionCalls, partsOf, plainText } from '../content.ts'
import { isObject, objectOf, parsed, textOf } from '../json-object.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'

interface Turn {
  role: 'user' | 'assistant'
  content: JsonObject[]
}

/** Stands before a conversation that the assistant began: the first turn must be the user's. */
const OPENING: JsonObject = { type: 'text', text: '(The conversation begins.)' }

/**
 * OpenAI's messages as Anthropic's system text and turns. System messages are joined wherever they stand; neighbours of
 * one role become one turn, for the roles must alternate; results of tools are the user's. Blank texts are left out,
 * because Anthropic refuses them.
 */
export function turnsOf(messages: readonly JsonObject[]): { system: string; turns: Turn[] } {
  const system: string[] = []
  const turns: Turn[] = []
  const add = (role: Turn['role'], content: JsonObject[]) => {
    if (content.length === 0) return
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...content)
    else turns.push({ role, content })
  }
  messages.forEach((message, i) => {
    const param = `messages[${i}]`
    const { role, content } = message
    if (role === 'system' || role === 'developer') system.push(plainText(content, `${param}.content`))
    else if (role === 'user') add('user', userBlocks(content, `${param}.content`))
    else if (role === 'assistant') add('assistant', assistantBlocks(message, param))
    else if (role === 'tool') add('user', [toolResult(message, param)])
    else throw new Untranslatable(`${param}.role`, `There is no role ${String(role)} with Anthropic`)
  })
  if (turns.length === 0) throw new Untranslatable('messages', 'There is no message with any content')
  if (turns[0]!.role === 'assistant') turns.unshift({ role: 'user', content: [OPENING] })
  trimPrefill(turns)
  return { system: system.filter(isWritten).join('\n\n'), turns }
}

function userBlocks(content: unknown, param: string): JsonObject[] {
  return partsOf(content, param).flatMap((part, i): JsonObject[] => {
    const at = `${param}[${i}]`
    if (part.type === 'text') return textBlocks(textOf(part.text))
    if (part.type === 'image_url') return [{ type: 'image', source: imageSource(part.image_url, at) }]
    if (part.type === 'file') return [fileBlock(objectOf(part.file), at)]
    throw new Untranslatable(at, `Anthropic takes text, images and files, not ${String(part.type)}`)
  })
}

function assistantBlocks({ content, refusal, tool_calls }: JsonObject, param: string): JsonObject[] {
  return [
    ...textBlocks(plainText(content, `${param}.content`) || textOf(refusal)),
    ...functionCalls(tool_calls, `${param}.tool_calls`).map((call) => ({
      type: 'tool_use',
      id: toolUseId(call.id),
      name: call.name,
      input: inputOf(call.arguments),
    })),
  ]
}

function toolResult({ tool_call_id, content }: JsonObject, param: string): JsonObject {
  const text = plainText(content, `${param}.content`)
  return {
    type: 'tool_result',
    tool_use_id: toolUseId(textOf(tool_call_id)),
    ...(isWritten(text) ? { content: text } : {}),
  }
}

/** Arguments are an object with Anthropic. A model may have written something else, which it should see again. */
function inputOf(written: string): JsonObject {
  if (written.trim() === '') return {}
  const input = parsed(written)
  return isObject(input) ? input : { arguments: written }
}

/** Ids of other providers may hold characters that Anthropic refuses. */
function toolUseId(id: string): string {
  return id.replaceAll(/[^\w-]/g, '_') || '_'
}

function imageSource(image: unknown, param: string): JsonObject {
  const url = textOf(isObject(image) ? image.url : image)
  const inline = dataUrl(url)
  if (inline) return { type: 'base64', media_type: imageType(inline.type), data: inline.data }
  if (/^https?:/i.test(url)) return { type: 'url', url }
  throw new Untranslatable(param, 'An image must be an HTTP or a Base64 data URL')
}

/** A name that browsers take too, and Anthropic does not. */
function imageType(type: string): string {
  return type === 'image/jpg' ? 'image/jpeg' : type
}

function fileBlock({ file_data, filename }: JsonObject, param: string): JsonObject {
  const inline = dataUrl(textOf(file_data))
  if (inline?.type !== 'application/pdf')
    throw new Untranslatable(param, 'A file must be a PDF in file_data, as a Base64 data URL')
  return {
    type: 'document',
    source: { type: 'base64', media_type: inline.type, data: inline.data },
    ...(typeof filename === 'string' ? { title: filename } : {}),
  }
}

/** A conversation that ends with the assistant has its answer continued, and must not end in white space. */
function trimPrefill(turns: Turn[]) {
  const last = turns.at(-1)!
  const block = last.content.at(-1)!
  if (last.role === 'assistant' && block.type === 'text')
    last.content[last.content.length - 1] = { ...block, text: textOf(block.text).trimEnd() }
}

function textBlocks(text: string): JsonObject[] {
  return isWritten(text) ? [{ type: 'text', text }] : []
}

function isWritten(text: string): boolean {
  return text.trim() !== ''
}
