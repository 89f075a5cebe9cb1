import { isObject, objectOf, objectsOf, textOf } from '../json-object.ts'
import { Untranslatable, type JsonObject } from '../provider.ts'

/**
 * Tools and the choice of them; nothing where there are none. Anthropic wants to know the tools that a conversation
 * called, even where no more may be called.
 */
export function toolsOf({ messages, tools, tool_choice, parallel_tool_calls }: JsonObject): JsonObject {
  const translated = objectsOf(tools).map(toolOf)
  if (translated.length === 0) return calledTools(messages)
  const choice = choiceOf(tool_choice)
  const oneAtATime = parallel_tool_calls === false && choice?.type !== 'none'
  return {
    tools: translated,
    ...(oneAtATime
      ? { tool_choice: { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: true } }
      : choice && { tool_choice: choice }),
  }
}

function calledTools(messages: unknown): JsonObject {
  const calls = objectsOf(messages).flatMap(({ tool_calls }) => objectsOf(tool_calls))
  const names = new Set(
    calls.map((call) => textOf(objectOf(call.function).name)).filter((name) => name !== ''),
  )
  if (names.size === 0) return {}
  const tools = [...names].map((name) => ({ name, input_schema: { type: 'object' } }))
  return { tools, tool_choice: { type: 'none' } }
}

function toolOf({ type, function: described }: JsonObject, i: number): JsonObject {
  if (type !== 'function' || !isObject(described))
    throw new Untranslatable(`tools[${i}]`, `Only tools of type function are possible, not ${String(type)}`)
  const { name, description, parameters, strict } = described
  return {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    input_schema: { type: 'object', ...objectOf(parameters) },
    ...(strict === true ? { strict } : {}),
  }
}

function choiceOf(choice: unknown): JsonObject | undefined {
  if (choice === undefined || choice === null) return undefined
  if (choice === 'auto' || choice === 'none') return { type: choice }
  if (choice === 'required') return { type: 'any' }
  if (isObject(choice) && choice.type === 'function')
    return { type: 'tool', name: textOf(objectOf(choice.function).name) }
  throw new Untranslatable('tool_choice', 'tool_choice must be auto, none, required or a function')
}
