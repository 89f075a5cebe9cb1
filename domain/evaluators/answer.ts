import { MAX_ANSWER_CHARS, MAX_JSON_CHARS, MAX_JSON_DEPTH } from './limits.ts'

/** A response parsed as JSON, or why it is none. */
export type ParsedJson = { value: unknown } | { problem: string }

/**
 * Parses one JSON document. Refuses what is too long or too deep before it reaches the parser,
 * since validators recurse and a stack overflow is no verdict.
 */
export function parseJson(text: string): ParsedJson {
  if (text.length > MAX_JSON_CHARS) return { problem: `longer than ${MAX_JSON_CHARS} characters` }
  if (nestingDepth(text) > MAX_JSON_DEPTH) return { problem: `nested deeper than ${MAX_JSON_DEPTH} levels` }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Deepest nesting of brackets outside of strings, of text that need not be valid JSON. */
function nestingDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 92) i++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) deepest = Math.max(deepest, ++depth)
    else if (code === 125 || code === 93) depth--
  }
  return deepest
}

/** What a model answered: the text a customer would read and the actions it took. */
export interface Answer {
  /** `reply` of the JSON response, else the response as it came; at most MAX_ANSWER_CHARS. */
  text: string
  /** Lower-case names of the actions, without those that change nothing (`none`). */
  actions: string[]
  truncated: boolean
}

/** Names that say in so many words that nothing was done. */
const NO_ACTION = new Set(['', 'none', 'no_action', 'noop', 'null', 'n/a'])

/** Reads a response. A response that is no JSON object with a text `reply` is judged as plain text. */
export function readAnswer(response: string): Answer {
  const looksLikeJson = response.trimStart().startsWith('{')
  const parsed = looksLikeJson ? parseJson(response) : undefined
  const object = parsed && 'value' in parsed && isRecord(parsed.value) ? parsed.value : undefined
  const text = typeof object?.reply === 'string' ? object.reply : response
  return {
    text: text.slice(0, MAX_ANSWER_CHARS),
    actions: actionNames(object?.action),
    truncated: text.length > MAX_ANSWER_CHARS,
  }
}

/** More than any agent takes in an answer. */
const MAX_ACTIONS = 100
const MAX_ACTION_CHARS = 100

/** Action names of an `action` field: one name, several with commas between, or an array of names. */
export function actionNames(action: unknown): string[] {
  const given = Array.isArray(action)
    ? action
    : typeof action === 'string'
      ? action.slice(0, 2000).split(/[,;|]/)
      : []
  const names = given
    .filter((name) => typeof name === 'string')
    .slice(0, MAX_ACTIONS)
    .map((name) => name.trim().toLowerCase().slice(0, MAX_ACTION_CHARS))
  return [...new Set(names)].filter((name) => !NO_ACTION.has(name)).toSorted()
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
