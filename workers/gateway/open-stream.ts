import type { NoResponse } from '../../domain/routing/classify.ts'
import type { StreamTranslator } from '../../domain/providers/provider.ts'
import { providerOf } from '../../domain/providers/registry.ts'
import { chained } from '../../domain/providers/translator.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'
import { streamStart, type StreamStart } from '../../domain/streams/start.ts'
import { askedOf, type Call } from './call.ts'
import { checksWholeStreams } from './checks.ts'
import { giveUp, type Patience } from './patience.ts'
import type { NativeStream, OpenedStream, TranslatedStream } from './streams.ts'

/** What is held back of a stream until it has begun to answer. */
const MAX_HELD_BYTES = 262_144

/** How an event stream begins (HTML, 9.2.5): with a field, a comment, or blanks to keep the connection alive. */
const EVENT_LINE = /^\uFEFF?\s*(?:(?:data|event|id|retry)\b|:|$)/

const FAILURES: Record<Exclude<StreamStart, 'answer' | undefined>, NoResponse> = {
  error: 'in_band_error',
  not_json: 'not_json',
  empty: 'empty_stream',
}

/** Waits until a stream has begun to answer: until then another target may still do it. */
export async function openStream(
  call: Call,
  target: RouteTarget,
  response: Response,
  patience: Patience,
): Promise<OpenedStream | NoResponse> {
  if (!response.body) return 'empty_stream'
  const body = response.body as ReadableStream<Uint8Array>
  const translator = translatorOf(call, target)
  try {
    const opened = await (translator
      ? openTranslated(body, translator, patience)
      : openNative(body, patience))
    if (typeof opened === 'string') giveUp(patience)
    return opened
  } catch {
    const kind = patience.expired ? 'first_chunk_timeout' : 'reset'
    giveUp(patience)
    return kind
  }
}

/** What the stream has to pass through: the provider's dialect, and that of an API of ours. */
export function translatorOf(call: Call, target: RouteTarget): StreamTranslator | undefined {
  const ofProvider = providerOf(target).stream?.(askedOf(call))
  const ofCaller = checksWholeStreams(call.active.spec) ? undefined : call.answerAs?.stream()
  return ofProvider && ofCaller ? chained(ofProvider, ofCaller) : (ofProvider ?? ofCaller)
}

async function openNative(
  body: ReadableStream<Uint8Array>,
  patience: Patience,
): Promise<NativeStream | NoResponse> {
  const [passed, kept] = body.tee()
  const reader = passed.getReader()
  const decoder = new TextDecoder()
  const start = streamStart()
  const head: Uint8Array[] = []
  let seen: StreamStart
  for (let size = 0; size < MAX_HELD_BYTES;) {
    const part = await reader.read()
    seen = part.done ? start.feed('\n\n') : start.feed(decoder.decode(part.value, { stream: true }))
    if (part.value) {
      head.push(part.value)
      size += part.value.byteLength
    }
    if (part.done)
      return seen === 'answer' ? { kind: 'native', patience, head, rest: null, kept } : failureOf(seen)
    if (seen === 'answer') break
    if (seen !== undefined) return FAILURES[seen]
  }
  // So much without an event is no stream of events, but a page or a file.
  if (seen !== 'answer' && !EVENT_LINE.test(new TextDecoder().decode(head[0]!.subarray(0, 256))))
    return 'not_json'
  reader.releaseLock()
  return { kind: 'native', patience, head, rest: passed, kept }
}

function failureOf(seen: Exclude<StreamStart, 'answer'>): NoResponse {
  return seen === undefined ? 'empty_stream' : FAILURES[seen]
}

async function openTranslated(
  body: ReadableStream<Uint8Array>,
  translator: StreamTranslator,
  patience: Patience,
): Promise<TranslatedStream | NoResponse> {
  const rest = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const part = await rest.read()
    const head = part.done ? translator.end() : translator.feed(decoder.decode(part.value, { stream: true }))
    if (translator.failed) return head === '' || part.done ? 'empty_stream' : 'in_band_error'
    if (head !== '') return { kind: 'translated', patience, head, rest, decoder, translator }
    if (part.done) return 'empty_stream'
  }
}
