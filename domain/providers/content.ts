import { isObject, objectsOf, textOf } from './json-object.ts'
import { Untranslatable, type JsonObject } from './provider.ts'

/** The parts of a message's content: a text is one part, null none. */
export function partsOf(content: unknown, param: string): JsonObject[] {
  if (content === null || content === undefined) return []
  if (typeof content === 'string') return [{ type: 'text', text: content }]
  if (Array.isArray(content)) return objectsOf(content)
  throw new Untranslatable(param, `${param} must be a text or an array of parts`)
}

/** The text of a content of nothing but text. */
export function plainText(content: unknown, param: string): string {
  return partsOf(content, param)
    .map((part) => {
      if (part.type === 'text') return textOf(part.text)
      if (part.type === 'refusal') return textOf(part.refusal)
      throw new Untranslatable(param, `${String(part.type)} is not possible here: only text`)
    })
    .join('')
}

/** Type and Base64 data of a `data:` URL. */
export function dataUrl(url: string): { type: string; data: string } | undefined {
  // By index, not by one expression over all: the data may be megabytes.
  if (!/^data:/i.test(url)) return undefined
  const comma = url.indexOf(',')
  const [type = '', ...options] = url.slice(5, comma).split(';')
  return comma > 0 && options.at(-1)?.toLowerCase() === 'base64'
    ? { type: type.toLowerCase(), data: url.slice(comma + 1) }
    : undefined
}

/** Name and arguments of a call of a function, as OpenAI writes them in a message. */
export function functionCalls(
  calls: unknown,
  param: string,
): { id: string; name: string; arguments: string }[] {
  return objectsOf(calls).map((call, i) => {
    const { function: called } = call
    if (!isObject(called))
      throw new Untranslatable(
        `${param}[${i}]`,
        `Only calls of functions are possible, not ${String(call.type)}`,
      )
    return { id: textOf(call.id), name: textOf(called.name), arguments: textOf(called.arguments) }
  })
}
