import type { Tool, ToolCall } from '../../../domain/dataset/tool-call.ts'
import type { EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { isObject } from '../../../domain/evaluators/tools/ast.ts'
import type { Json } from '../../../domain/json.ts'

/**
 * A call of the tool such as a model that errs would make it: `values` where an argument has that name, and for the
 * other required ones a value of the right type, out of the last message where it holds one.
 */
export function filledCall(
  tool: Tool,
  messages: EvaluatorInput['messages'],
  values: Readonly<Record<string, Json>>,
): ToolCall {
  const said = messages.findLast(({ role }) => role === 'user')?.content ?? ''
  const source: Source = {
    numbers: [...said.matchAll(/\d+(?:\.\d+)?/g)].map(([text]) => Number(text)),
    names: [
      ...said.matchAll(/["'“]([^"'”]{2,60})["'”]|(?<=\s)\p{Lu}[\p{L}\p{N}]+(?: \p{Lu}[\p{L}\p{N}]+)*/gu),
    ].map(([whole, quoted]) => quoted ?? whole),
    words: said.match(/\p{L}{4,}/gu) ?? [],
    text: said,
  }
  const properties = isObject(tool.parameters?.properties) ? tool.parameters.properties : {}
  const required = Array.isArray(tool.parameters?.required) ? tool.parameters.required : []
  const given = Object.entries(properties).flatMap(([key, schema]) => {
    if (Object.hasOwn(values, key)) return [[key, values[key] as Json] as const]
    return required.includes(key) ? [[key, valueFor(schema, source)] as const] : []
  })
  return { name: tool.name, arguments: Object.fromEntries(given) }
}

/** What a message offers; each value is taken once, as long as there are others. */
interface Source {
  numbers: number[]
  names: string[]
  words: string[]
  text: string
}

function valueFor(schema: Json | undefined, source: Source): Json {
  if (!isObject(schema)) return textFrom(source)
  const { enum: allowed, type, items, properties, required } = schema
  if (Array.isArray(allowed) && allowed.length > 0) {
    const said = source.text.toLowerCase()
    return (
      allowed.find((one) => typeof one === 'string' && one !== '' && said.includes(one.toLowerCase())) ??
      (allowed[0] as Json)
    )
  }
  switch (String(type).toLowerCase()) {
    case 'integer':
    case 'int':
      return Math.round(numberFrom(source))
    case 'float':
    case 'number':
      return numberFrom(source)
    case 'boolean':
    case 'bool':
      return true
    case 'array':
    case 'list':
    case 'tuple':
      return [valueFor(items, source)]
    case 'dict':
    case 'object': {
      const due = Array.isArray(required) ? required : []
      const fields = Object.entries(isObject(properties) ? properties : {})
      return Object.fromEntries(
        fields.filter(([key]) => due.includes(key)).map(([key, field]) => [key, valueFor(field, source)]),
      )
    }
    default:
      return textFrom(source)
  }
}

function numberFrom({ numbers }: Source): number {
  return (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? 1
}

function textFrom({ names, words }: Source): string {
  return (
    (names.length > 1 ? names.shift() : names[0]) ??
    (words.length > 1 ? words.shift() : words[0]) ??
    'unknown'
  )
}
