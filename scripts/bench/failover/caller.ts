import { createParser } from 'eventsource-parser'
import { isObject, objectOf, objectsOf, parsed, textOf } from '../../../domain/providers/json-object.ts'
import { QUESTION } from './answer.ts'

/** What the caller of a system saw. */
export interface Seen {
  /** `answered` is what a client takes for success, whole or not; `hung` is still going on when the caller gives up. */
  outcome: 'answered' | 'error' | 'hung'
  text: string
  /** As the answer says. */
  model: string | null
  usage: boolean
  /** In words. */
  error: string | null
  seconds: number
}

/** Where a system is asked, and how. */
export interface Asking {
  /** Ends in `/v1`. */
  baseUrl: string
  model: string
  headers: Record<string, string>
  /** The system is the client itself, and gives up after so long a silence; the gateways have their own patience. */
  silenceMs?: number
}

/**
 * The neutral caller: a plain reader of server-sent events without retries, no more careful than common SDKs. It takes
 * a body that ends as HTTP wants it for a success, and skips an event that is no JSON. An event with `error`, an HTTP error
 * and a connection that breaks are errors.
 */
export async function ask({ baseUrl, model, headers, silenceMs }: Asking, maxSeconds: number): Promise<Seen> {
  const startedAt = performance.now()
  const seen: Seen = { outcome: 'answered', text: '', model: null, usage: false, error: null, seconds: 0 }
  const giveUp = new AbortController()
  const limit = setTimeout(() => {
    seen.outcome = 'hung'
    giveUp.abort()
  }, maxSeconds * 1000)
  const silent = () => giveUp.abort(new Error(`gave up after ${silenceMs! / 1000} s of silence`))
  const silence = silenceMs === undefined ? undefined : setTimeout(silent, silenceMs)
  try {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({
        model,
        messages: [{ role: 'user', content: QUESTION }],
        stream: true,
        stream_options: { include_usage: true },
      }),
      signal: giveUp.signal,
    })
    if (!response.ok) throw new Error(`HTTP ${response.status}: ${(await response.text()).slice(0, 200)}`)
    const parser = createParser({ onEvent: ({ event, data }) => read(event, data, seen) })
    const decoder = new TextDecoder()
    for await (const chunk of response.body!) {
      silence?.refresh()
      parser.feed(decoder.decode(chunk, { stream: true }))
    }
    if (seen.error !== null) seen.outcome = 'error'
  } catch (error) {
    if (seen.outcome !== 'hung') seen.outcome = 'error'
    seen.error ??= worded(error)
  } finally {
    clearTimeout(limit)
    clearTimeout(silence)
  }
  return { ...seen, seconds: (performance.now() - startedAt) / 1000 }
}

function read(event: string | undefined, data: string, seen: Seen): void {
  const chunk = parsed(data)
  if (!isObject(chunk)) return
  if (event === 'error' || isObject(chunk.error)) {
    seen.error ??= `error event: ${textOf(objectOf(chunk.error).message)}`
    return
  }
  if (typeof chunk.model === 'string' && chunk.model !== '') seen.model = chunk.model
  if (isObject(chunk.usage)) seen.usage = true
  for (const choice of objectsOf(chunk.choices)) seen.text += textOf(objectOf(choice.delta).content)
}

function worded(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? `${message} (${cause.message})` : message
}
