import { Buffer } from 'node:buffer'
import { ProblemError } from '../../domain/problem.ts'

/**
 * The whole of a body that somebody else sent, as long as it is no larger than said.
 *
 * @throws ProblemError `body.too_large`, naming `what` it is
 */
export async function readLimited(
  message: { body: ReadableStream<Uint8Array> | null },
  limit: number,
  what: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of (message.body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > limit)
      throw new ProblemError('body.too_large', `${what} is larger than ${limit} bytes`, { limit })
    parts.push(part)
  }
  return Buffer.concat(parts, size)
}
