import type { ExpectedToolCall, Tool, ToolCall } from '../../../domain/dataset/tool-call.ts'
import { isObject } from '../../../domain/evaluators/tools/ast.ts'
import type { Json } from '../../../domain/json.ts'

/** A call of BFCL's ground truth: allowed values by argument, and `""` among them where it may be left out. */
export interface BfclCall {
  name: string
  args: Record<string, Json[]>
}

export function toExpected({ name, args }: BfclCall): ExpectedToolCall {
  const named = Object.entries(args).filter(([, values]) => values.length > 0)
  return {
    name,
    arguments: Object.fromEntries(named),
    optional: named.filter(([, values]) => values.includes('')).map(([key]) => key),
  }
}

/** The call with the first allowed value of each argument; what may be left out first of all is, unless required. */
export function acceptedCall({ name, args }: BfclCall, tool: Tool | undefined): ToolCall {
  const required = tool?.parameters?.required
  const given = Object.entries(args).flatMap(([key, values]) => {
    const isRequired = Array.isArray(required) && required.includes(key)
    const first = isRequired ? (values.find((value) => value !== '') ?? values[0]) : values[0]
    return first === undefined || (first === '' && !isRequired) ? [] : [[key, firstInside(first)] as const]
  })
  return { name, arguments: Object.fromEntries(given) }
}

/** Inside an object, BFCL lists the allowed values of each field again. */
function firstInside(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? firstInside(item) : item))
  if (!isObject(value)) return value
  const fields = Object.entries(value).flatMap(([key, values]) => {
    const first = Array.isArray(values) ? values[0] : values
    return first === undefined || first === '' ? [] : [[key, firstInside(first)] as const]
  })
  return Object.fromEntries(fields)
}
