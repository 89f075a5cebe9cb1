import { ProblemError } from '../../domain/problem.ts'

/** Lines of a stored gzip NDJSON object as text, as they are unpacked: the object is never held whole. */
export async function* ndjsonLines(bucket: R2Bucket, key: string): AsyncGenerator<string> {
  const object = await bucket.get(key)
  if (!object) throw new ProblemError('dataset.corrupt', `The object ${key} is gone`)
  const unpacked = object.body
    .pipeThrough(new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>)
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
  let rest = ''
  for await (const text of unpacked as unknown as AsyncIterable<string>) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line !== '') yield line
  }
  if (rest !== '') yield rest
}
