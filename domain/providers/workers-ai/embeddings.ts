import { usageOf } from '../chat-stream.ts'
import { objectOf, picked } from '../json-object.ts'
import { Untranslatable, type Asked, type JsonObject } from '../provider.ts'
import { resultOf } from './response.ts'

/** The input of `env.AI.run` for embeddings of texts. */
export function embeddingsInput({ input, dimensions }: JsonObject): JsonObject {
  if (dimensions !== undefined && dimensions !== null)
    throw new Untranslatable('dimensions', 'The dimensions of this model are fixed')
  const texts = Array.isArray(input) ? input : [input]
  if (texts.length === 0 || texts.some((text) => typeof text !== 'string'))
    throw new Untranslatable('input', 'input must be a text or an array of texts')
  return { text: texts }
}

/** OpenAI's list of embeddings, as numbers or, where that was asked for, as Base64 of 32-bit floats. */
export function embeddingsOf(json: unknown, { body }: Asked): JsonObject {
  const { data, usage } = resultOf(json)
  if (!Array.isArray(data)) throw new TypeError('the answer holds no embeddings')
  const vectors = data as number[][]
  const encode = body.encoding_format === 'base64' ? base64 : (vector: number[]) => vector
  const { prompt_tokens } = objectOf(usage)
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    ...picked(body, ['model']),
    usage: picked(usageOf(prompt_tokens, 0), ['prompt_tokens', 'total_tokens']),
  }
}

/** Little-endian, as all clients decode it. */
function base64(vector: number[]): string {
  const bytes = new DataView(new ArrayBuffer(vector.length * 4))
  vector.forEach((value, i) => bytes.setFloat32(i * 4, value, true))
  return btoa(Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join(''))
}
