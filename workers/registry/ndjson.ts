import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'

/** Newline-delimited JSON, compressed. */
export async function gzipNdjson(lines: readonly string[]): Promise<Uint8Array> {
  const stream = new Blob([lines.map((line) => `${line}\n`).join('')])
    .stream()
    .pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Lines of a stored gzip NDJSON object, parsed. With a hash, content that does not match it is refused. */
export async function readNdjson<T>(bucket: R2Bucket, key: string, sha256?: string): Promise<T[]> {
  const object = await bucket.get(key)
  if (!object) throw new ProblemError('dataset.corrupt', `The object ${key} is gone`)
  const bytes = new Uint8Array(await object.arrayBuffer())
  if (sha256 !== undefined && sha256Hex(bytes) !== sha256) {
    throw new ProblemError('dataset.corrupt', `The object ${key} does not have the hash ${sha256}`)
  }
  const text = await new Response(
    new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')),
  ).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
