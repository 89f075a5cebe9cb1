import type { Asked, JsonObject, StreamTranslator } from './provider.ts'

export function asked(body: JsonObject = {}, kind: Asked['kind'] = 'chat'): Asked {
  return { kind, body: { model: 'support', ...body }, id: 'req-1', at: new Date('2026-11-26T00:00:00Z') }
}

/** All that a translator makes of a stream that comes in pieces, cut at these places. */
export function translated(
  translator: StreamTranslator,
  stream: string,
  cuts: readonly number[] = [],
): string {
  const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length].toSorted((a, b) => a - b)
  const pieces = places.slice(1).map((end, i) => stream.slice(places[i], end))
  return pieces.map((piece) => translator.feed(piece)).join('') + translator.end()
}

/** A stream of server-sent events; a text stands for itself. */
export function sse(events: readonly (JsonObject | string)[], named = false): string {
  return events
    .map((event) => {
      if (typeof event === 'string') return `data: ${event}\n\n`
      return `${named ? `event: ${String(event.type)}\n` : ''}data: ${JSON.stringify(event)}\n\n`
    })
    .join('')
}

/** The events of a stream as strict as SDKs read them: `[DONE]` is null. */
export function eventsOf(stream: string): (JsonObject | null)[] {
  const events = stream.split('\n\n')
  if (events.pop() !== '') throw new Error('the stream ends within an event')
  return events.map((event) => {
    const data = /^(?:event: ([^\n]+)\n)?data: ([^\n]+)$/.exec(event)
    if (!data) throw new Error(`no event: ${event}`)
    const json = data[2] === '[DONE]' ? null : (JSON.parse(data[2]!) as JsonObject)
    if (data[1] !== undefined && json?.type !== data[1]) throw new Error(`event ${data[1]} is ${event}`)
    return json
  })
}

interface Chunk {
  error?: unknown
  id: string
  model: string
  usage?: JsonObject | null
  choices: {
    finish_reason: string | null
    delta: {
      role?: string
      content?: string | null
      tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[]
    }
  }[]
}

/** A chat stream put together as clients do it. */
export function assembled(stream: string) {
  const events = eventsOf(stream)
  const chunks = events.filter((event) => event !== null) as unknown as Chunk[]
  const calls: { id: string; type: string; function: { name: string; arguments: string } }[] = []
  let content: string | null = null
  let finish: string | null = null
  let usage: JsonObject | null = null
  for (const chunk of chunks) {
    usage = chunk.usage ?? usage
    for (const { delta, finish_reason } of chunk.choices ?? []) {
      if (typeof delta.content === 'string') content = (content ?? '') + delta.content
      finish = finish_reason ?? finish
      for (const { index, id, function: called } of delta.tool_calls ?? []) {
        if (id !== undefined)
          calls[index] = { id, type: 'function', function: { name: called.name!, arguments: '' } }
        calls[index]!.function.arguments += called.arguments
      }
    }
  }
  return {
    content,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    finish,
    usage,
    errors: chunks.flatMap(({ error }) => (error ? [error] : [])),
    done: events.at(-1) === null,
  }
}
