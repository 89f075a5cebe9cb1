import type { Json } from '../json.ts'
import { isObject, type JsonObject } from '../providers/json-object.ts'
import { keyValues } from './key-values.ts'
import { double, int64 } from './numbers.ts'
import { isGiven, mark, type Reading } from './reading.ts'
import { text } from './text.ts'

/** What a value costs beside its text, so that a list of a million empty values ends too. */
const VALUE_BYTES = 8

/** An attribute's value or a log's body with all that is in it, at most `valueBytes` long. */
export function anyValue(reading: Reading, value: unknown): Json {
  const before = reading.left
  const room = Math.min(before, reading.limits.valueBytes)
  reading.left = room
  const json = nestedValue(reading, value, 1)
  reading.left = before - (room - reading.left)
  return json
}

/** An AnyValue at a level of nesting; null where it is empty, too deep or not of its type. */
export function nestedValue(reading: Reading, value: unknown, depth: number): Json {
  reading.left -= VALUE_BYTES
  if (!isGiven(value)) return null
  if (depth > reading.limits.valueDepth) {
    mark(reading, 'value.too_deep')
    return null
  }
  const json = isObject(value) ? oneOf(reading, value, depth) : undefined
  if (json !== undefined) return json
  mark(reading, 'value.invalid')
  return null
}

function oneOf(reading: Reading, value: JsonObject, depth: number): Json | undefined {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue, kvlistValue, bytesValue } = value
  if (isGiven(stringValue))
    return typeof stringValue === 'string' ? text(reading, stringValue, reading.left) : undefined
  if (isGiven(boolValue)) return typeof boolValue === 'boolean' ? boolValue : undefined
  if (isGiven(intValue)) return int64(intValue)
  if (isGiven(doubleValue)) return double(doubleValue)
  if (isGiven(arrayValue)) return isObject(arrayValue) ? list(reading, arrayValue.values, depth) : undefined
  if (isGiven(kvlistValue))
    return isObject(kvlistValue) ? keyValues(reading, kvlistValue.values, depth + 1).attributes : undefined
  return isGiven(bytesValue) ? base64(reading, bytesValue) : null
}

function list(reading: Reading, values: unknown, depth: number): Json[] | undefined {
  if (!isGiven(values)) return []
  if (!Array.isArray(values)) return undefined
  const items: Json[] = []
  for (const value of values) {
    if (reading.left <= 0) {
      mark(reading, 'attributes.dropped')
      break
    }
    items.push(nestedValue(reading, value, depth + 1))
  }
  return items
}

/** Base64 of either alphabet, padded or not, as proto3 JSON takes it: in the standard one and padded. */
function base64(reading: Reading, value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[\w+/-]*={0,2}$/.test(value)) return undefined
  const unpadded = value.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (unpadded.length % 4 === 1) return undefined
  const padded = unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, '=')
  const cut = text(reading, padded, reading.left)
  return cut.slice(0, cut.length - (cut.length % 4))
}
