import { MAX_SOURCE_CHARS, MAX_SOURCE_ITEMS } from '../limits.ts'

/** The context items in their order, the last ones cut or left out where the limit of a row's text is reached. */
export function readItems(context: readonly string[]): { items: string[]; truncated: boolean } {
  const items: string[] = []
  let left = MAX_SOURCE_CHARS
  for (const whole of context) {
    if (left <= 0 || items.length >= MAX_SOURCE_ITEMS) return { items, truncated: true }
    items.push(whole.slice(0, left))
    left -= whole.length
  }
  return { items, truncated: left < 0 }
}
