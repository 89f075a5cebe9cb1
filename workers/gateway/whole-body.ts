import { Buffer } from 'node:buffer'

/** Larger answers are passed on as they come: an isolate of 128 MB serves many requests at once. */
const MAX_HELD_BYTES = 8_000_000

/** Bodies up to here are read as text at once, without a copy of the bytes. */
const MAX_TEXT_BYTES = 1_000_000

/** A body that was read whole, or the beginning of one that is too large to be held. */
export type ReadBody =
  | { text: string }
  | { bytes: ArrayBuffer | Uint8Array }
  | { head: Uint8Array[]; rest: ReadableStream<Uint8Array> }

/** @throws what the stream throws when it is cut off */
export async function readBody(response: Response): Promise<ReadBody> {
  if (!response.body) return { bytes: new Uint8Array(0) }
  const { headers } = response
  const length = Number(headers.get('content-length') ?? Number.NaN)
  // A compressed body's length says nothing of its size.
  if (length <= MAX_HELD_BYTES && !headers.has('content-encoding'))
    return length <= MAX_TEXT_BYTES
      ? { text: await response.text() }
      : { bytes: await response.arrayBuffer() }
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  const head: Uint8Array[] = []
  let size = 0
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    head.push(part.value)
    size += part.value.byteLength
    if (size <= MAX_HELD_BYTES) continue
    reader.releaseLock()
    return { head, rest: response.body as ReadableStream<Uint8Array> }
  }
  return { bytes: Buffer.concat(head, size) }
}
