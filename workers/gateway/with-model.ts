import type { AskedBody } from './asked.ts'

/** `model` as the first field, as SDKs write it, with nothing in its value that JSON would escape. */
const MODEL_FIRST = /^\s*\{\s*"model"\s*:\s*"([^"\\]*)"/

/** How the letters of `model` are escaped in JSON, which no client does: a second `model` would be hidden so. */
const ESCAPED_LETTER = '\\u006'

/**
 * The caller's body with another model and not one other byte changed: written anew only where `model` does not come first,
 * or may come twice.
 */
export function withModel(
  { text, body, route }: Pick<AskedBody, 'text' | 'body' | 'route'>,
  model: string,
): string {
  const first = MODEL_FIRST.exec(text)
  if (first && first[1] === route && !hasAnother(text, first[0].length)) {
    const head = first[0].slice(0, first[0].length - route.length - 2)
    return `${head}${JSON.stringify(model)}${text.slice(first[0].length)}`
  }
  return JSON.stringify({ ...body, model })
}

function hasAnother(text: string, from: number): boolean {
  return text.includes('"model"', from) || text.includes(ESCAPED_LETTER, from)
}
