import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { objectOf, type JsonObject } from '../../providers/json-object.ts'
import { fromBase64 } from './base64.ts'
import type { Field, ScalarType, Schema } from './schema.ts'

/** A message in OTLP/JSON form as protobuf. Fields of their default are left out, except in a oneof. */
export function encodeMessage(schema: Schema, message: JsonObject): Uint8Array {
  const parts: Uint8Array[] = []
  for (const field of schema.fields) {
    const value = field && message[field.name]
    if (field === undefined || value === undefined || value === null) continue
    if (field.repeated) for (const item of value as unknown[]) parts.push(...encodeField(field, item))
    else if (schema.oneof || !isDefault(field, value)) parts.push(...encodeField(field, value))
  }
  return concat(parts)
}

function encodeField({ number, type, wireType }: Field, value: unknown): Uint8Array[] {
  const tag = varint(BigInt((number << 3) | wireType))
  if (typeof type === 'function') return [tag, ...delimited(encodeMessage(type(), objectOf(value)))]
  return [tag, ...encodeScalar(type, value as string | number | boolean)]
}

function encodeScalar(type: ScalarType, value: string | number | boolean): Uint8Array[] {
  if (type === 'string') return delimited(utf8ToBytes(String(value)))
  if (type === 'bytes') return delimited(fromBase64(String(value)))
  if (type === 'id') return delimited(hexToBytes(String(value)))
  if (type === 'fixed32') return [fixed(4, (view) => view.setUint32(0, Number(value), true))]
  if (type === 'fixed64') return [fixed(8, (view) => view.setBigUint64(0, BigInt(value), true))]
  if (type === 'double') return [fixed(8, (view) => view.setFloat64(0, Number(value), true))]
  return [varint(BigInt.asUintN(64, BigInt(value)))]
}

/** Text may be "0"; a 64-bit integer may be text. */
function isDefault({ type }: Field, value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return true
  return value === '0' && (type === 'int64' || type === 'fixed64')
}

function fixed(size: number, set: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size)
  set(new DataView(bytes.buffer))
  return bytes
}

function delimited(bytes: Uint8Array): Uint8Array[] {
  return [varint(BigInt(bytes.length)), bytes]
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let left = value
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80)
  return Uint8Array.from([...bytes, Number(left)])
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
