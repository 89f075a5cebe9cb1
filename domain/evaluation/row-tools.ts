import { ExpectedToolCall, exactly, type Tool, type ToolCall } from '../dataset/tool-call.ts'
import { readToolCalls, readTools } from '../dataset/tool-call-wire.ts'
import type { Json } from '../json.ts'

/** The tools that a row offers. */
export function toolsOf(field: string, value: Json | undefined): Tool[] | undefined {
  return value === undefined ? undefined : readAll(field, value, readTools, 'tool')
}

/** The calls that a row says were made. */
export function toolCallsOf(field: string, value: Json | undefined): ToolCall[] | undefined {
  return value === undefined ? undefined : readAll(field, value, readToolCalls, 'call')
}

/**
 * Calls that are due. Where every argument has a list, these are the values that it may have, as `ExpectedToolCall`
 * says, and `""` among them lets the argument be left out; else the call is due exactly so.
 */
export function expectedCallsOf(field: string, value: Json | undefined): ExpectedToolCall[] | undefined {
  if (value === undefined) return undefined
  const items = listOf(field, value)
  return readAll(field, value, readToolCalls, 'call').map((call, index) => {
    const values = Object.entries(call.arguments)
    if (values.length === 0 || !values.every(([, each]) => Array.isArray(each) && each.length > 0))
      return exactly(call)
    const { optional } = items[index] as { optional?: string[] }
    const leftOut = values.filter(([, each]) => (each as Json[]).includes('')).map(([name]) => name)
    return ExpectedToolCall.parse({ ...call, optional: optional ?? leftOut })
  })
}

function readAll<T>(field: string, value: Json, read: (value: unknown) => T[], noun: string): T[] {
  return listOf(field, value).map((item, index) => {
    const [found] = read([item])
    if (found === undefined) throw new TypeError(`${field}.${index} is no ${noun}: a name is needed`)
    return found
  })
}

function listOf(field: string, value: Json): Json[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'object' && value !== null) return [value]
  throw new TypeError(`${field} is no list`)
}
