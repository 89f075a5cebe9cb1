import type { NoResponse } from '../../domain/routing/classify.ts'
import type { StreamTranslator } from '../../domain/providers/provider.ts'
import { DONE } from '../../domain/providers/translator.ts'
import { isSound, streamEnd } from '../../domain/streams/end.ts'
import type { StreamResult } from './streams.ts'
import { waitUpTo, type Patience } from './patience.ts'

/** A longer stream is not held back whole. */
const MAX_HELD_CHARS = 8_000_000

export interface StreamTimes {
  firstChunkMs: number
  chunkMs: number | undefined
  /** When the whole request must be over. */
  deadline: number
}

/** Reads a stream to its end before any of it is sent: only one that is whole is an answer. */
export async function completeStream(
  body: ReadableStream<Uint8Array>,
  translator: StreamTranslator | undefined,
  patience: Patience,
  { firstChunkMs, chunkMs, deadline }: StreamTimes,
): Promise<StreamResult | NoResponse> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const left = () => deadline - Date.now()
  let text = ''
  waitUpTo(patience, Math.min(firstChunkMs, left()))
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const piece = decoder.decode(part.value, { stream: true })
      text += translator ? translator.feed(piece) : piece
      if (text.length > MAX_HELD_CHARS) return 'not_json'
      waitUpTo(patience, chunkMs === undefined ? left() : Math.min(chunkMs, left()))
    }
  } catch {
    return !patience.expired ? 'reset' : text === '' ? 'first_chunk_timeout' : 'stalled'
  }
  return translator ? translated(text + translator.end(), translator) : native(text)
}

function translated(text: string, { failed, usage }: StreamTranslator): StreamResult | NoResponse {
  return failed ? 'in_band_error' : { outcome: 'done', text, usage }
}

function native(text: string): StreamResult | NoResponse {
  if (text.trim() === '') return 'empty_stream'
  const { how, usage } = streamEnd(text)
  if (how === 'error') return 'in_band_error'
  if (how === 'broken') return 'reset'
  if (!isSound(text)) return 'not_json'
  return how === 'unsaid'
    ? { outcome: 'completed', text: text + DONE, usage }
    : { outcome: 'done', text, usage }
}
