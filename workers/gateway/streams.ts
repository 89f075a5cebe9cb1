import type { JsonObject, StreamTranslator } from '../../domain/providers/provider.ts'
import type { Patience } from './patience.ts'

/** A stream that has begun to answer; nothing of it is sent yet. */
export type OpenedStream = NativeStream | TranslatedStream

/** Passed on byte by byte by the runtime, which keeps a copy for the trace on the way. */
export interface NativeStream {
  kind: 'native'
  patience: Patience
  head: Uint8Array[]
  /** What comes after the head; null when nothing does. */
  rest: ReadableStream<Uint8Array> | null
  /** The whole stream again, kept by the runtime. To be read after the other has ended: to read on both drives the upstream by large blocks. */
  kept: ReadableStream<Uint8Array>
}

export interface TranslatedStream {
  kind: 'translated'
  patience: Patience
  head: string
  rest: ReadableStreamDefaultReader<Uint8Array>
  decoder: TextDecoder
  translator: StreamTranslator
}

/**
 * How a stream ended: `done` as it should; `completed` where only the upstream's `[DONE]` was missing, which is added; `cut`
 * by the upstream; `stalled` when its time was over; `failed` with an error event of the upstream's; `client_gone`.
 */
export type StreamOutcome = 'done' | 'completed' | 'cut' | 'stalled' | 'failed' | 'client_gone'

export interface StreamResult {
  outcome: StreamOutcome
  /** What was answered, as far as it came. */
  text: string
  usage: JsonObject | null
}

export interface PassSettings {
  /** Longest silence between two chunks. */
  chunkMs: number | undefined
  /** When the whole request must be over. */
  deadline: number
  isClientGone(): boolean
}
