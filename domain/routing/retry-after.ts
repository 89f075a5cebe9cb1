/** What is needed of `Headers`. */
export interface HeaderSource {
  get(name: string): string | null
}

/**
 * How long a server asks to be left alone, in ms: `retry-after-ms` (OpenAI, Azure), else `Retry-After` in seconds or as an
 * HTTP date (RFC 9110, 10.2.3). A date that is past gives 0; undefined where there is none, or none that can be read.
 */
export function retryAfterMs(headers: HeaderSource, now: number): number | undefined {
  const ms = decimal(headers.get('retry-after-ms'))
  if (ms !== undefined) return ms
  const after = headers.get('retry-after')
  const seconds = decimal(after)
  if (seconds !== undefined) return seconds * 1000
  const date = after !== null && HTTP_DATE.test(after.trim()) ? Date.parse(after) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

function decimal(text: string | null): number | undefined {
  return text !== null && /^\s*\d{1,12}(\.\d{1,9})?\s*$/.test(text) ? Number(text) : undefined
}
