// A byte order mark is a character of the text like any other here.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** The text between two places; where it is not UTF-8, `lossy` is set and U+FFFD stands for what cannot be read. */
export function utf8(bytes: Uint8Array, start: number, end: number, seen: { lossy: boolean }): string {
  if (start === end) return ''
  const part = bytes.subarray(start, end)
  try {
    return strict.decode(part)
  } catch {
    seen.lossy = true
    return lenient.decode(part)
  }
}
