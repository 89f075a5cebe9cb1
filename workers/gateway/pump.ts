import { waitUpTo, type Patience } from './patience.ts'

const encoder = new TextEncoder()

/** The caller did not take what was sent. */
export class ClientGone extends Error {}

/** Passes chunk by chunk, watching the silence between two where it is limited. */
export async function pump(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writable: WritableStream<Uint8Array>,
  patience: Patience,
  { chunkMs, deadline }: { chunkMs: number | undefined; deadline: number },
  through: (chunk: Uint8Array) => Uint8Array | undefined = (chunk) => chunk,
): Promise<void> {
  const writer = writable.getWriter()
  try {
    for (;;) {
      if (chunkMs !== undefined) waitUpTo(patience, Math.min(chunkMs, deadline - Date.now()))
      const part = await reader.read()
      if (part.done) return
      const chunk = through(part.value)
      if (chunk) await writer.write(chunk).catch(leave)
    }
  } finally {
    writer.releaseLock()
  }
}

function leave(): never {
  throw new ClientGone()
}

/** Sends what was held back. Who is gone is noticed later, by what comes after it. */
export function begin(writable: WritableStream<Uint8Array>, head: readonly Uint8Array[]): void {
  const writer = writable.getWriter()
  for (const chunk of head) writer.write(chunk).catch(() => undefined)
  writer.releaseLock()
}

/** The last words, and the end. Who is gone does not hear them. */
export async function conclude(writable: WritableStream<Uint8Array>, words: string): Promise<void> {
  const writer = writable.getWriter()
  try {
    if (words !== '') await writer.write(encoder.encode(words))
    await writer.close()
  } catch {
    // The caller left meanwhile.
  }
}
