import type { ToolCall } from '../../dataset/tool-call.ts'
import { ARGUMENT_KEYS, readToolCalls } from '../../dataset/tool-call-wire.ts'
import type { Json } from '../../json.ts'
import { parseJson } from '../answer.ts'
import { isObject } from './ast.ts'

/** Where answers of OpenAI, Anthropic and Google hold their calls, and what such answers come in. */
const CALLS = ['tool_calls', 'function_call', 'functionCall']
const ENVELOPES = ['choices', 'message', 'candidates', 'content', 'parts', 'output']

/** How models mark calls in their text: tags (Hermes, Qwen), or fenced blocks. */
const OPENING = /<tool_calls?>|```(?:json|tool_calls?|tool_code)?[ \t]*\n/g
const MAX_BLOCKS = 50

/**
 * Calls written as JSON into a response: the whole of it, or the blocks in `<tool_call>` tags or in fences. A call is
 * `{name, arguments}` (or OpenAI's envelope), or `{"name": {…arguments}}` where `names` has the name; alone, in a list, or
 * in a whole answer of OpenAI, Anthropic or Google. Anything else is no call.
 */
export function callsInText(response: string, names: ReadonlySet<string>): ToolCall[] {
  const whole = response.trim()
  if (/^[{[]/.test(whole)) {
    const parsed = parseJson(whole)
    if ('value' in parsed) return callsIn(parsed.value, names)
  }
  return markedBlocks(whole).flatMap((block) => {
    const parsed = parseJson(block.trim())
    return 'value' in parsed ? callsIn(parsed.value, names) : []
  })
}

/** What stands between a mark and its end. Each character is passed once: a mark without an end closes the search. */
function markedBlocks(text: string): string[] {
  const blocks: string[] = []
  const opening = new RegExp(OPENING)
  for (let mark = opening.exec(text); mark && blocks.length < MAX_BLOCKS; mark = opening.exec(text)) {
    const closing = mark[0].startsWith('<') ? mark[0].replace('<', '</') : '```'
    const from = opening.lastIndex
    const to = text.indexOf(closing, from)
    if (to < 0) break
    blocks.push(text.slice(from, to))
    opening.lastIndex = to + closing.length
  }
  return blocks
}

function callsIn(value: unknown, names: ReadonlySet<string>): ToolCall[] {
  if (Array.isArray(value)) return value.flatMap((item) => callsIn(item, names))
  if (!isObject(value)) return []
  const within = (keys: readonly string[]) => keys.find((key) => isNested(value[key]) && !names.has(key))
  const calls = within(CALLS)
  if (calls) return callsIn(value[calls], names)
  if (isObject(value.function)) return readToolCalls([value])
  if (typeof value.name === 'string')
    return ARGUMENT_KEYS.some((key) => value[key] !== undefined) || names.has(value.name)
      ? readToolCalls([value])
      : []
  const envelope = within(ENVELOPES)
  if (envelope) return callsIn(value[envelope], names)
  return Object.entries(value)
    .filter((entry): entry is [string, Record<string, Json>] => names.has(entry[0]) && isObject(entry[1]))
    .map(([name, given]) => ({ name, arguments: given }))
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
