import type { ExpectedToolCall, Tool, ToolCall } from '../../dataset/tool-call.ts'
import type { EvaluatorInput } from '../evaluator.ts'
import { MAX_JSON_DEPTH } from '../limits.ts'
import { isObject, sameName } from './ast.ts'
import { callsInText } from './calls-in-text.ts'

/** More than any model is offered or makes in one answer; matching calls takes the cube of it. */
const MAX_TOOLS = 1000
const MAX_CALLS = 100
/** Arguments of one call, as JSON. */
const MAX_ARGUMENT_CHARS = 100_000
/** Arguments are compared for each pair of a call made and one due, some 50 ns a character. */
const MAX_COMPARED_CHARS = 10_000_000

export interface ReadCalls {
  /** Absent when it is not known what was offered. */
  tools?: readonly Tool[]
  made: readonly ToolCall[]
  /** Absent when it is not known what is due. */
  due?: readonly ExpectedToolCall[]
}

/** The tools and calls of an input. Calls come from `toolCalls`, or where that is absent are read from the response. */
export function readCalls(input: EvaluatorInput): ReadCalls | { error: string } {
  const tools: unknown = input.tools
  const due: unknown = input.expectedToolCalls
  if (tools !== undefined && !isListOf(tools, isTool))
    return { error: 'tools is no list of {name, parameters}' }
  if (due !== undefined && !isListOf(due, isExpected))
    return {
      error: 'expectedToolCalls is no list of {name, arguments}, each argument a list of accepted values',
    }
  const made: unknown =
    input.toolCalls ??
    callsInText(
      typeof input.response === 'string' ? input.response : '',
      new Set([...(tools ?? []), ...(due ?? [])].map(({ name }) => name)),
    )
  if (!isListOf(made, isCall)) return { error: 'toolCalls is no list of {name, arguments}' }
  if ((tools?.length ?? 0) > MAX_TOOLS) return { error: `more than ${MAX_TOOLS} tools` }
  if (Math.max(made.length, due?.length ?? 0) > MAX_CALLS) return { error: `more than ${MAX_CALLS} calls` }
  const tooBig = [...made, ...(due ?? [])].find((call) => sizeProblem(call.arguments) !== undefined)
  if (tooBig)
    return { error: `the arguments of ${tooBig.name.slice(0, 100)} are ${sizeProblem(tooBig.arguments)}` }
  if (comparedChars(made, due ?? []) > MAX_COMPARED_CHARS)
    return {
      error: 'there are too many calls with arguments this long to compare each one made with each one due',
    }
  return { made, ...(tools ? { tools } : {}), ...(due ? { due } : {}) }
}

export function toolNamed(tools: readonly Tool[], name: string): Tool | undefined {
  return tools.find((tool) => tool.name === name) ?? tools.find((tool) => sameName(tool.name, name))
}

/** Arguments that a call of this name must have by the tools that were offered. */
export function requiredBy(tools: readonly Tool[] | undefined, name: string): string[] {
  const required = toolNamed(tools ?? [], name)?.parameters?.required
  return Array.isArray(required) ? required.filter((one) => typeof one === 'string') : []
}

function sizeProblem(given: object): string | undefined {
  const stack: { node: object; depth: number }[] = [{ node: given, depth: 1 }]
  for (let top = stack.pop(); top; top = stack.pop()) {
    if (top.depth > MAX_JSON_DEPTH) return `nested deeper than ${MAX_JSON_DEPTH} levels`
    for (const value of Object.values(top.node))
      if (typeof value === 'object' && value !== null) stack.push({ node: value, depth: top.depth + 1 })
  }
  return JSON.stringify(given).length > MAX_ARGUMENT_CHARS
    ? `longer than ${MAX_ARGUMENT_CHARS} characters`
    : undefined
}

/** Characters of arguments, each as often as its call is compared. */
function comparedChars(made: readonly ToolCall[], due: readonly ExpectedToolCall[]): number {
  const chars = (calls: readonly { arguments: object }[]) =>
    calls.reduce((sum, call) => sum + JSON.stringify(call.arguments).length, 0)
  if (made.length === 0 || due.length === 0) return 0
  return chars(made) * due.length + chars(due) * made.length
}

function isListOf<T>(value: unknown, is: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(is)
}

function isTool(value: unknown): value is Tool {
  return isObject(value) && typeof value.name === 'string'
}

function isCall(value: unknown): value is ToolCall {
  return isObject(value) && typeof value.name === 'string' && isObject(value.arguments)
}

function isExpected(value: unknown): value is ExpectedToolCall {
  return (
    isObject(value) &&
    typeof value.name === 'string' &&
    isObject(value.arguments) &&
    Object.values(value.arguments).every(Array.isArray) &&
    (value.optional === undefined || Array.isArray(value.optional))
  )
}
