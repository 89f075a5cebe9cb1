import { own } from '../../own.ts'

/** A JSON Pointer: empty, or a path such as `/items/0/price` (RFC 6901). */
export const JSON_POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/

/** What a JSON Pointer names in a document, undefined when there is nothing (RFC 6901). */
export function atPointer(document: unknown, pointer: string): unknown {
  let value = document
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) value = /^(?:0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined
    else if (isRecord(value)) value = own(value, key)
    else return undefined
  }
  return value
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
