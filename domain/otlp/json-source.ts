import { isObject } from '../providers/json-object.ts'
import type { RawGroup, RawList, RawMessage, RawRequest } from './source.ts'

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
const lenient = new TextDecoder('utf-8')

/** The names under which a request carries its groups. */
interface Names {
  resources: string
  scopes: string
  records: string
}

/** An OTLP/JSON body. Where it is not UTF-8, only the records in which that shows are marked. */
export function jsonRequest(body: Uint8Array, names: Names): RawRequest {
  let text: string
  let lossy = false
  try {
    text = strict.decode(body)
  } catch {
    lossy = true
    text = lenient.decode(body)
  }
  let request: unknown
  try {
    request = JSON.parse(text)
  } catch {
    return { undecodable: 'The body is not JSON.' }
  }
  if (!isObject(request)) return { undecodable: 'The body is not a JSON object.' }
  const given = request[names.resources] ?? []
  if (!Array.isArray(given)) return { undecodable: `${names.resources} is not a list.` }
  const message = (value: unknown): RawMessage | null =>
    isObject(value) ? { value, lossy, omitted: 0 } : null
  const scope = (value: unknown): RawGroup<RawMessage> | null => {
    const head = message(value)
    return head && { head, whole: true, list: listOf(head.value[names.records], message) }
  }
  const resource = (value: unknown): RawGroup<RawGroup<RawMessage>> | null => {
    const head = message(value)
    return head && { head, whole: true, list: listOf(head.value[names.scopes], scope) }
  }
  const otherSignal =
    request[names.resources] === undefined && Object.keys(request).some((name) => name.startsWith('resource'))
  return { resources: listOf(given, resource), otherSignal }
}

function listOf<Item>(given: unknown, read: (value: unknown) => Item | null): RawList<Item> {
  const items: unknown[] = Array.isArray(given) ? given : []
  let index = -1
  return {
    next: () => ++index < items.length,
    current: () => read(items[index]),
    broken: () => given !== undefined && given !== null && !Array.isArray(given),
  }
}
