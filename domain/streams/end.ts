import { isObject, objectOf, objectsOf, parsed, textOf, type JsonObject } from '../providers/json-object.ts'
import { dataIn, eventsIn } from './events.ts'

/** How a stream ended that its upstream closed. */
export interface StreamEnd {
  /**
   * `done` with `[DONE]`; `unsaid` when the answer was finished and only `[DONE]` is missing; `error` with an error event;
   * `broken` when the answer was not finished.
   */
  how: 'done' | 'unsaid' | 'error' | 'broken'
  usage: JsonObject | null
}

/** The end of a stream that is looked at: the last chunks with finish reason and usage are far shorter. */
const TAIL_CHARS = 4_096

/** Reads the end of a stream of chat or legacy completions from its last characters. */
export function streamEnd(text: string): StreamEnd {
  const tail = text.slice(-TAIL_CHARS)
  const usage = usageIn(tail)
  if (/(?:^|\n|\r)data: ?\[DONE\]\s*$/.test(tail)) return { how: 'done', usage }
  const events = eventsIn(tail)
  if (events.some(({ error }) => error !== undefined && error !== null)) return { how: 'error', usage }
  const finished = events.some(({ choices }) =>
    objectsOf(choices).some(({ finish_reason }) => typeof finish_reason === 'string'),
  )
  return { how: finished && /[\r\n]$/.test(tail) ? 'unsaid' : 'broken', usage }
}

/** Chunks are only parsed where one says what was used: most streams do not. */
function usageIn(tail: string): JsonObject | null {
  if (!/"usage" ?: ?\{/.test(tail)) return null
  return (eventsIn(tail).findLast(({ usage }) => isObject(usage))?.usage as JsonObject | undefined) ?? null
}

/** What a whole stream answered: its text, or its calls of tools as JSON. */
export interface StreamedAnswer {
  text: string | null
  finishReason: string | null
  id: string | null
  model: string | null
}

/** Puts the first choice's deltas together again, for traces. */
export function streamedAnswer(text: string): StreamedAnswer {
  return quickly(text) ?? carefully(text)
}

const SAID = /"(?:content|text)" ?: ?"((?:[^"\\]|\\.)*)"/g
const ODD = /"index" ?: ?[1-9]|"tool_calls"|"function_call"|"type" ?: ?"response\./

/**
 * By its strings, for a stream of one choice that is nothing but text: to parse each chunk took a tenth of a stream's time.
 * Within a string no quote stands alone, so that a key is always a key.
 */
function quickly(text: string): StreamedAnswer | undefined {
  if (ODD.test(text)) return undefined
  const [first] = eventsIn(text.slice(0, Math.max(0, text.indexOf('\n', text.indexOf('data:')))))
  const pieces: string[] = []
  for (const [, piece] of text.matchAll(SAID)) pieces.push(piece!)
  const content = parsed(`"${pieces.join('')}"`)
  if (!first || typeof content !== 'string') return undefined
  return {
    text: content,
    finishReason: /"finish_reason" ?: ?"(\w+)"/.exec(text.slice(-TAIL_CHARS))?.[1] ?? null,
    id: typeof first.id === 'string' ? first.id : null,
    model: typeof first.model === 'string' ? first.model : null,
  }
}

function carefully(text: string): StreamedAnswer {
  let content = ''
  let calls = 0
  const answer: StreamedAnswer = { text: null, finishReason: null, id: null, model: null }
  for (const { id, model, choices, type, delta: said } of eventsIn(text)) {
    if (typeof id === 'string') answer.id = id
    if (typeof model === 'string') answer.model = model
    // A stream of OpenAI's Responses API.
    if (type === 'response.output_text.delta') content += textOf(said)
    const choice = objectsOf(choices).find(({ index }) => index === 0 || index === undefined)
    if (!choice) continue
    const delta = objectOf(choice.delta)
    content += textOf(delta.content) + textOf(choice.text)
    if (Array.isArray(delta.tool_calls)) calls++
    if (typeof choice.finish_reason === 'string') answer.finishReason = choice.finish_reason
  }
  answer.text = content === '' && calls > 0 ? null : content
  return answer
}

/** Whether every event of a whole stream is JSON. */
export function isSound(text: string): boolean {
  return dataIn(text).every((data) => data === '[DONE]' || isObject(parsed(data)))
}
