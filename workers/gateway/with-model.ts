import type { AskedBody } from './asked.ts'

/** `model` as the first field, as SDKs write it, with nothing in its value that JSON would escape. */
const MODEL_FIRST = /^\s*\{\s*"model"\s*:\s*"([^"\\]*)"/

/**
 * The caller's body with another model and not one other byte changed: written anew only where `model` does not come first,
 * or may come twice.
 */
export function withModel(
  { text, body, route }: Pick<AskedBody, 'text' | 'body' | 'route'>,
  model: string,
): string {
  const first = MODEL_FIRST.exec(text)
  if (first && first[1] === route && !text.includes('"model"', first[0].length)) {
    const head = first[0].slice(0, first[0].length - route.length - 2)
    return `${head}${JSON.stringify(model)}${text.slice(first[0].length)}`
  }
  return JSON.stringify({ ...body, model })
}
