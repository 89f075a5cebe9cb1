/**
 * The safetensors format (https://github.com/huggingface/safetensors#format): 8 bytes little-endian length of the
 * header, the header as JSON, the tensors' bytes. Only F32 is written and read here.
 */
export interface Tensor {
  shape: number[]
  values: Float32Array
}

export interface TensorFile {
  metadata: Record<string, string>
  tensors: Record<string, Tensor>
}

interface HeaderEntry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

const LENGTH_BYTES = 8
/** Limit of the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000

/** Names are sorted and the header is padded to 8 bytes, so the same content is always the same bytes. */
export function writeSafetensors({ metadata, tensors }: TensorFile): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: sorted(metadata) }
  const names = Object.keys(tensors).toSorted()
  let size = 0
  for (const name of names) {
    const { shape, values } = tensors[name]!
    header[name] = { dtype: 'F32', shape, data_offsets: [size, size + values.byteLength] }
    size += values.byteLength
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const padded = Math.ceil(text.length / LENGTH_BYTES) * LENGTH_BYTES
  const bytes = new Uint8Array(LENGTH_BYTES + padded + size)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true)
  bytes.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + padded)
  bytes.set(text, LENGTH_BYTES)
  let at = LENGTH_BYTES + padded
  for (const name of names) {
    const { values } = tensors[name]!
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return bytes
}

/** @throws Error that names the tensor or the part of the header that is wrong. */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.length < LENGTH_BYTES) throw new Error('safetensors: shorter than its 8-byte header length')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > MAX_HEADER_BYTES || LENGTH_BYTES + length > bytes.length)
    throw new Error(`safetensors: header of ${length} bytes does not fit a file of ${bytes.length}`)
  const text = new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length))
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text) as {
    __metadata__?: Record<string, string>
  } & Record<string, HeaderEntry>
  const data = bytes.subarray(LENGTH_BYTES + length)
  const tensors: Record<string, Tensor> = {}
  for (const [name, entry] of Object.entries(entries)) tensors[name] = readTensor(name, entry, data)
  return { metadata, tensors }
}

function readTensor(
  name: string,
  { dtype, shape, data_offsets: [from, to] }: HeaderEntry,
  data: Uint8Array,
): Tensor {
  if (dtype !== 'F32') throw new Error(`safetensors: tensor ${name} is ${dtype}, not F32`)
  const expected = shape.reduce((product, size) => product * size, 1) * Float32Array.BYTES_PER_ELEMENT
  if (to - from !== expected || from < 0 || to > data.length)
    throw new Error(`safetensors: tensor ${name} spans ${to - from} bytes, its shape needs ${expected}`)
  // Copied, since the file's bytes need not be aligned to 4; not by `slice`, which for a Buffer copies nothing.
  return { shape, values: new Float32Array(new Uint8Array(data.subarray(from, to)).buffer) }
}

function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
