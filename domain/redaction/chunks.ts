import type { PiiSpan } from './kinds.ts'

/** Detectors see at most this much at once, so that their time grows with the text and not with its square. */
export const CHUNK_CHARS = 4000
/** How far before the end of a chunk a good place to cut is looked for. */
const LOOK_BACK = 1000

/** Runs a search over chunks of a text. Chunks end at a line or sentence where there is one, since personal data seldom spans those. */
export function searchInChunks(text: string, search: (chunk: string) => PiiSpan[]): PiiSpan[] {
  if (text.length <= CHUNK_CHARS) return search(text)
  const found: PiiSpan[] = []
  for (let from = 0; from < text.length;) {
    const to = cutAfter(text, from)
    for (const { kind, start, end } of search(text.slice(from, to)))
      found.push({ kind, start: start + from, end: end + from })
    from = to
  }
  return found
}

function cutAfter(text: string, from: number): number {
  const end = from + CHUNK_CHARS
  if (end >= text.length) return text.length
  const window = text.slice(end - LOOK_BACK, end)
  for (const mark of ['\n', '. ', '! ', '? ', '; ', ' ']) {
    const at = window.lastIndexOf(mark)
    if (at !== -1) return end - LOOK_BACK + at + mark.length
  }
  return end
}
