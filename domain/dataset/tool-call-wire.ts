import type { Json } from '../json.ts'
import type { Tool, ToolCall } from './tool-call.ts'

/**
 * Tools and calls as others write them: OpenAI (`{type: "function", function: {name, arguments: "…JSON…"}}`, and the older
 * `function_call`), Anthropic (`input_schema`, `{type: "tool_use", name, input}`), MCP (`inputSchema`) and bare
 * `{name, arguments}`. What is not one of these is left out.
 */
export function readTools(value: unknown): Tool[] {
  return listOf(value).flatMap((item) => {
    const tool = unwrapped(item)
    if (!tool || typeof tool.name !== 'string' || tool.name === '') return []
    const parameters = [tool.parameters, tool.input_schema, tool.inputSchema].find(isObject)
    return [
      {
        name: tool.name,
        ...(typeof tool.description === 'string' ? { description: tool.description } : {}),
        ...(parameters ? { parameters } : {}),
      },
    ]
  })
}

/** A call with the id by which a tool's answer names it. */
interface ReadCall {
  id: string | undefined
  call: ToolCall
}

export function readToolCalls(value: unknown): ToolCall[] {
  return readCalls(value).map(({ call }) => call)
}

function readCalls(value: unknown): ReadCall[] {
  return listOf(value).flatMap((item) => {
    const call = unwrapped(item)
    if (!call || typeof call.name !== 'string' || call.name === '') return []
    const given = argumentsOf(call)
    const id = isObject(item) && typeof item.id === 'string' ? item.id : undefined
    return [
      {
        id,
        call: { name: call.name, arguments: given ?? {}, ...(given === undefined ? { failed: true } : {}) },
      },
    ]
  })
}

/** Keys that hold a call's arguments, as an object or as JSON text. */
export const ARGUMENT_KEYS = ['arguments', 'args', 'kwargs', 'input', 'parameters'] as const

/** Undefined when they are no JSON object; none at all is an empty object. */
function argumentsOf(call: JsonObject): JsonObject | undefined {
  const key = ARGUMENT_KEYS.find((name) => call[name] !== undefined && call[name] !== null)
  const given = key === undefined ? {} : call[key]
  if (isObject(given)) return given
  if (typeof given !== 'string') return undefined
  if (given.trim() === '') return {}
  try {
    const parsed: unknown = JSON.parse(given)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/**
 * The calls of a conversation in OpenAI's messages, oldest first. A call has failed when the tool's answer to it says so;
 * answers are told apart by `tool_call_id`, else by name, else by order.
 */
export function readTrajectory(messages: unknown): ToolCall[] {
  const calls: (ReadCall & { answered: boolean })[] = []
  for (const message of listOf(messages)) {
    if (!isObject(message)) continue
    if (message.role === 'tool' || message.role === 'function') {
      const open = calls.filter(({ answered }) => !answered)
      const answered =
        open.find(({ id }) => id !== undefined && id === message.tool_call_id) ??
        open.find(({ call }) => call.name === message.name) ??
        open[0]
      if (!answered) continue
      answered.answered = true
      if (saysError(message.content)) answered.call.failed = true
    } else {
      const made = readCalls(message.tool_calls ?? (message.function_call ? [message.function_call] : []))
      calls.push(...made.map((one) => ({ ...one, answered: false })))
    }
  }
  return calls.map(({ call }) => call)
}

/** A tool's answer that opens with the word error or exception, or whose JSON has an error or says that it did not succeed. */
export function saysError(content: unknown): boolean {
  if (isObject(content)) return objectSaysError(content)
  if (typeof content !== 'string') return false
  if (ERROR.test(content.slice(0, 100))) return true
  if (!content.trimStart().startsWith('{') || content.length > MAX_RESULT) return false
  try {
    const parsed: unknown = JSON.parse(content)
    return isObject(parsed) && objectSaysError(parsed)
  } catch {
    return false
  }
}

/** `Error: …`, `ValueError: …`, `Payment failed`; not `No error`. */
const ERROR = /^\s*["'[(]*(?!(?:no|not|zero|without)\b)(?:\w{1,30}\s?)?(?:error|exception|failed|failure)\b/i
/** Longer answers of a tool are records, not errors. */
const MAX_RESULT = 20_000

function objectSaysError(result: JsonObject): boolean {
  const { error, errors, isError, success, ok, status } = result
  return (
    isError === true ||
    success === false ||
    ok === false ||
    (error !== undefined && error !== null && error !== false && error !== '') ||
    (Array.isArray(errors) && errors.length > 0) ||
    (typeof status === 'string' && /^(?:error|failed|failure)$/i.test(status)) ||
    (typeof status === 'number' && status >= 400 && status < 600)
  )
}

type JsonObject = Record<string, Json>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function unwrapped(item: unknown): JsonObject | undefined {
  if (!isObject(item)) return undefined
  return isObject(item.function) ? item.function : item
}
