import type { JsonObject } from '../../domain/providers/json-object.ts'
import type { Failed } from '../../domain/routing/classify.ts'
import type { OpenedStream, StreamResult } from './streams.ts'
import type { Patience } from './patience.ts'

export interface WholeAnswer {
  kind: 'whole'
  status: number
  contentType: string
  body: ArrayBuffer | Uint8Array | string
  /** The answer, unless it is too long to be read here. */
  json: JsonObject | undefined
  /** A stream that was held back until it was whole. */
  stream?: StreamResult
  /** How it was made to satisfy the route's schema: without its code fence, or by asking once more. */
  repaired?: 'stripped' | 'asked'
}

/** A whole answer as a chat or completion, whichever way it is sent. */
export interface ToldAnswer {
  json: JsonObject
  usage: JsonObject | null
  /** How it was mended, if it was. */
  repaired?: NonNullable<WholeAnswer['repaired']>
}

/** An answer that is too large to be held, passed on as it comes. */
export interface LargeAnswer {
  kind: 'large'
  status: number
  contentType: string
  head: Uint8Array[]
  rest: ReadableStream<Uint8Array>
  patience: Patience
}
export type Answer = WholeAnswer | LargeAnswer | OpenedStream

/** Whether a stream has only begun: its end is not known yet. */
export function isStream(answer: Answer): answer is OpenedStream {
  return answer.kind === 'native' || answer.kind === 'translated'
}

export interface Failure {
  kind: 'failure'
  status: number | null
  failed: Failed
  retryAfterMs: number | undefined
  /** A body in OpenAI's shape, for a fault that is the caller's to know. */
  body: string | undefined
  /** The target was never asked, since its API has no such question: nothing is learnt of it. */
  unasked?: true
}
