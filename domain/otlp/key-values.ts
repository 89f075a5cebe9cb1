import { isObject } from '../providers/json-object.ts'
import { uint32 } from './numbers.ts'
import { isGiven, mark, type Reading } from './reading.ts'
import type { Attributes } from './shape.ts'
import { text } from './text.ts'
import { anyValue, nestedValue } from './value.ts'

/** The attributes of a message that counts what was dropped of them. */
export function attributed(
  reading: Reading,
  message: { attributes?: unknown; droppedAttributesCount?: unknown },
): { attributes: Attributes; droppedAttributesCount: number } {
  const { attributes, dropped } = keyValues(reading, message.attributes, 1)
  return { attributes, droppedAttributesCount: uint32(reading, message.droppedAttributesCount) + dropped }
}

/** A list of KeyValue as a record. Those beyond the limits are dropped, those without a key left out. */
export function keyValues(
  reading: Reading,
  list: unknown,
  depth: number,
): { attributes: Attributes; dropped: number } {
  const attributes: Attributes = {}
  if (!isGiven(list)) return { attributes, dropped: 0 }
  if (!Array.isArray(list)) {
    mark(reading, 'attributes.invalid')
    return { attributes, dropped: 0 }
  }
  for (let index = 0; index < list.length; index++) {
    if (reading.left <= 0 || index >= reading.limits.attributesPerList) {
      mark(reading, 'attributes.dropped')
      return { attributes, dropped: list.length - index }
    }
    const entry: unknown = list[index]
    const key = isObject(entry) ? text(reading, entry.key) : ''
    if (!isObject(entry) || key === '') mark(reading, 'attributes.invalid')
    else
      put(
        attributes,
        key,
        depth === 1 ? anyValue(reading, entry.value) : nestedValue(reading, entry.value, depth),
      )
  }
  return { attributes, dropped: 0 }
}

/** Assignment would set the prototype where a sender names a key so. */
function put(attributes: Attributes, key: string, value: Attributes[string]): void {
  if (key !== '__proto__') attributes[key] = value
  else Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true })
}
