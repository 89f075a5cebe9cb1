import type { ExpectedToolCall, Tool, ToolCall } from '../../../domain/dataset/tool-call.ts'
import type { EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { isObject, matchArguments, sameName } from '../../../domain/evaluators/tools/ast.ts'
import type { Json } from '../../../domain/json.ts'
import { seededIndex } from '../../../domain/statistics/random.ts'
import { acceptedCall, toExpected } from './bfcl.ts'
import { filledCall } from './filled-call.ts'

/** A row of a set of tool calls; BFCL's shape. `expected: null` says that a call is due, but not which. */
export interface ToolRow {
  id: string
  group: string
  messages: EvaluatorInput['messages']
  tools: Tool[]
  expected: { name: string; args: Record<string, Json[]> }[] | null
}

/** How the calls of a pair came about. The first two are right. */
export type ToolPairKind =
  | 'accepted'
  | 'rightly-none'
  | 'other-tool'
  | 'wrong-value'
  | 'missing-argument'
  | 'not-due'
  | 'left-out'

/** What is wrong in them is the choice of tool; in the others, its arguments. */
export const SELECTION_KINDS: readonly ToolPairKind[] = ['other-tool', 'not-due', 'left-out']
export const ARGUMENT_KINDS: readonly ToolPairKind[] = ['wrong-value', 'missing-argument']

export interface ToolPair {
  /** Id of the row that it was made from. */
  id: string
  group: string
  kind: ToolPairKind
  label: 0 | 1
  /** Without what is due: how it is online. */
  input: EvaluatorInput
  reference: Pick<EvaluatorInput, 'expectedToolCalls'>
}

/**
 * Right and wrong calls for the same requests. A row with calls due gives `accepted` (the first allowed value of each
 * argument) and, each where it can be made, `other-tool` (one call goes to another offered tool, with the right call's
 * values where names match and else values from the message), `wrong-value` (one value swapped for another row's of the
 * same type, that is not allowed here), `missing-argument` (a required one left out) and `left-out` (no call at all).
 * A row with none due gives `rightly-none` and `not-due`. A row that says only that some call is due gives nothing.
 * Pure: the same rows and seed give the same pairs.
 */
export function toolPairs(rows: readonly ToolRow[], seed: number): ToolPair[] {
  const index = seededIndex(seed)
  const pool = valuesOf(rows)
  return rows.flatMap((row) => {
    if (row.expected === null) return []
    const due = row.expected.map(toExpected)
    const right = row.expected.map((call) => acceptedCall(call, toolOf(row, call.name)))
    const pair = (kind: ToolPairKind, label: 0 | 1, toolCalls: ToolCall[] | undefined): ToolPair[] =>
      toolCalls === undefined
        ? []
        : [
            {
              id: row.id,
              group: row.group,
              kind,
              label,
              input: { messages: row.messages, context: [], response: '', tools: row.tools, toolCalls },
              reference: { expectedToolCalls: due },
            },
          ]
    if (due.length === 0) {
      const tool = pick(row.tools, index)
      return [
        ...pair('rightly-none', 1, []),
        ...pair('not-due', 0, tool && [filledCall(tool, row.messages, {})]),
      ]
    }
    const at = index(right.length)
    const replaced = (call: ToolCall | undefined) => call && right.with(at, call)
    const one = right[at]!
    return [
      ...pair('accepted', 1, right),
      ...pair('other-tool', 0, replaced(otherTool(row, one, index))),
      ...pair('wrong-value', 0, replaced(wrongValue(one, due[at]!, pool, index))),
      ...pair('missing-argument', 0, replaced(missingArgument(one, toolOf(row, one.name), index))),
      ...pair('left-out', 0, []),
    ]
  })
}

/** A whole number in [0, n), drawn. */
type Index = (n: number) => number

function toolOf({ tools }: ToolRow, name: string): Tool | undefined {
  return tools.find((tool) => sameName(tool.name, name))
}

function otherTool(row: ToolRow, call: ToolCall, index: Index): ToolCall | undefined {
  const others = row.tools.filter((tool) => !row.expected?.some(({ name }) => sameName(name, tool.name)))
  const tool = pick(others, index)
  return tool && filledCall(tool, row.messages, call.arguments)
}

function wrongValue(
  call: ToolCall,
  due: ExpectedToolCall,
  pool: ReadonlyMap<string, Json[]>,
  index: Index,
): ToolCall | undefined {
  const key = pick(
    Object.keys(call.arguments).filter((name) => typeof call.arguments[name] !== 'boolean'),
    index,
  )
  if (key === undefined) return undefined
  const values = pool.get(typeName(call.arguments[key] as Json)) ?? []
  for (let tries = 0; tries < 20; tries++) {
    const swapped: ToolCall = {
      ...call,
      arguments: { ...call.arguments, [key]: pick(values, index) as Json },
    }
    if (matchArguments(swapped, due).wrong.includes(key)) return swapped
  }
  return undefined
}

function missingArgument(call: ToolCall, tool: Tool | undefined, index: Index): ToolCall | undefined {
  const required = Array.isArray(tool?.parameters?.required) ? tool.parameters.required : []
  const key = pick(
    Object.keys(call.arguments).filter((name) => required.includes(name)),
    index,
  )
  if (key === undefined) return undefined
  const { [key]: _, ...left } = call.arguments
  return { ...call, arguments: left }
}

/** The accepted values of all rows, by type. */
function valuesOf(rows: readonly ToolRow[]): Map<string, Json[]> {
  const pool = new Map<string, Json[]>()
  for (const row of rows)
    for (const call of row.expected ?? [])
      for (const value of Object.values(acceptedCall(call, toolOf(row, call.name)).arguments))
        pool.set(typeName(value), [...(pool.get(typeName(value)) ?? []), value])
  return pool
}

function typeName(value: Json): string {
  return Array.isArray(value) ? 'list' : isObject(value) ? 'object' : value === null ? 'null' : typeof value
}

function pick<T>(list: readonly T[], index: Index): T | undefined {
  return list.length === 0 ? undefined : list[index(list.length)]
}
