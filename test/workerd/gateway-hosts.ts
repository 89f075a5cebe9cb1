import { Response } from 'miniflare'

/** Calls so far by host and model: some hosts behave only after a while. */
const asked = new Map<string, number>()

interface Body {
  model: string
  stream?: boolean
  stream_options?: { include_usage?: boolean }
  messages?: { role: string; content: string | { text?: string }[] }[]
  input?: string | string[]
}

const encoder = new TextEncoder()
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
/** How long a host takes to say that it is down: requests to it that overlap are seen. */
const DOWN_MS = 60
const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }

/** Upstreams of the gateway by how they behave, as BEHAVIOUR.gw.test; undefined for other hosts. */
export async function gatewayHost(
  hostname: string,
  path: string,
  headers: Record<string, string>,
  text: string,
): Promise<Response | undefined> {
  const [, behaviour] = /^(.+)\.gw\.test$/.exec(hostname) ?? []
  if (behaviour === undefined) return undefined
  const body = JSON.parse(text) as Body
  const key = `${hostname} ${body.model}`
  const times = (asked.get(key) ?? 0) + 1
  asked.set(key, times)
  if (behaviour === 'gives-up' && isAskedAgain(body)) return new Response('broken', { status: 500 })
  if (path === '/v1/messages') return anthropic(body, repeated(behaviour, body))
  if (behaviour === 'chat-only' && path !== '/v1/chat/completions')
    return new Response('broken', { status: 500 })
  return (
    (await down(behaviour)) ??
    failing(behaviour, times, headers) ??
    (await odd(behaviour)) ??
    streaming(behaviour, body) ??
    good(behaviour, path, headers, body, text)
  )
}

/**
 * `parrot` says what it was first told; so do `mends`, until it is told that this is not valid, and then gives a good
 * answer, and `gives-up`, which fails then.
 */
function repeated(behaviour: string, body: Body): string | undefined {
  if (!['parrot', 'mends', 'gives-up'].includes(behaviour)) return undefined
  return isAskedAgain(body) && behaviour === 'mends' ? '{"intent":"mended"}' : toldIn(body)[0]
}

function isAskedAgain(body: Body): boolean {
  return toldIn(body).at(-1)?.startsWith('That answer is not valid') === true
}

function toldIn({ messages = [] }: Body): string[] {
  return messages.filter(({ role }) => role === 'user').map(({ content }) => textOf(content))
}

function textOf(content: string | { text?: string }[]): string {
  return typeof content === 'string' ? content : content.map(({ text = '' }) => text).join('')
}

/** `up-at-TIME` is down until then (ms since 1970), and slow to say so; what stands before `up-at` tells hosts apart. */
async function down(behaviour: string): Promise<Response | undefined> {
  const [, upAt] = /(?:^|-)up-at-(\d+)$/.exec(behaviour) ?? []
  if (upAt === undefined || Date.now() >= Number(upAt)) return undefined
  await wait(DOWN_MS)
  return new Response('down', { status: 503 })
}

/** Statuses that are no success. */
function failing(
  behaviour: string,
  times: number,
  { authorization }: Record<string, string>,
): Response | undefined {
  const error = (status: number, code: string | null, message: string, headers = {}) =>
    Response.json(
      { error: { message, type: 'invalid_request_error', param: null, code } },
      { status, headers },
    )
  switch (behaviour) {
    case 'e500':
      return new Response('broken', { status: 500 })
    case 'flaky':
      return times === 1 ? new Response('broken', { status: 500 }) : undefined
    case 'unsteady':
      // 30 of 100, the same ones always.
      return (times * 7) % 10 < 3 ? new Response('broken', { status: 500 }) : undefined
    case 'outage':
      return times <= 6 ? new Response('down', { status: 503 }) : undefined
    case 'busy':
      return times === 1 ? error(429, null, 'slow down', { 'retry-after-ms': '150' }) : undefined
    case 'full':
      return error(429, 'rate_limit_exceeded', 'slow down', { 'retry-after': '30' })
    case 'locked':
      return error(401, 'invalid_api_key', 'Incorrect API key provided: sk-secret')
    case 'gone':
      return error(404, 'model_not_found', 'The model m does not exist')
    case 'long':
      return error(400, 'context_length_exceeded', 'This model takes 10 tokens')
    case 'policy':
      return error(400, 'content_filter', 'The input was flagged')
    case 'leaky':
      return error(400, null, `temperature must be a number (asked with ${authorization})`)
    case 'invalid':
      return error(422, null, 'temperature must be a number')
    default:
      return undefined
  }
}

/** Successes that are none. */
async function odd(behaviour: string): Promise<Response | undefined> {
  const json = { headers: { 'content-type': 'application/json' } }
  switch (behaviour) {
    case 'refused':
      throw new Error('refused')
    case 'hang':
      await wait(5_000)
      return undefined
    case 'malformed':
      return new Response('{"choices":[{"message":', json)
    case 'html':
      return new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } })
    case 'not-a-model':
      return Response.json({ status: 'ok' })
    case 'page':
      return new Response(`<html>${'x'.repeat(9_000_000)}</html>`, {
        headers: { 'content-type': 'text/html' },
      })
    case 'in-band':
      return Response.json({ error: { message: 'overloaded', code: 503 } })
    case 'cut-body':
      return new Response(streamOf(['{"choices":[{"message":'], { last: 'cut' }), json)
    case 'slow-loris':
      return new Response(
        streamOf(
          Array.from({ length: 100 }, () => ' '),
          { gapMs: 50 },
        ),
        json,
      )
    case 'huge':
      return new Response(huge(50), json)
    default:
      return undefined
  }
}

const chunk = (delta: object, finish_reason: string | null = null) =>
  event({ id: 'c1', model: 'm-served', choices: [{ index: 0, delta, finish_reason }] })
const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`
const ROLE = chunk({ role: 'assistant', content: '' })
const DONE = 'data: [DONE]\n\n'

function streaming(behaviour: string, body: Body): Response | undefined {
  const { stream, stream_options } = body
  if (!stream) return undefined
  const answer = repeated(behaviour, body)?.match(/[^]{1,5}/g) ?? ['Parcels ', 'take ', 'three ', 'days.']
  const words = answer.map((content) => chunk({ content }))
  const usage = stream_options?.include_usage ? [event({ id: 'c1', choices: [], usage: USAGE })] : []
  const whole = [ROLE, ...words, chunk({}, 'stop'), ...usage, DONE]
  const sent = (): ReadableStream | undefined => {
    switch (behaviour) {
      case 'cut':
        return streamOf([ROLE, words[0]!, words[1]!], { last: 'cut' })
      case 'truncated':
        return streamOf([ROLE, words[0]!, words[1]!])
      case 'stall':
        return streamOf([ROLE, words[0]!], { last: 'hang' })
      case 'late':
        return streamOf([ROLE], { last: 'hang' })
      case 'no-done':
        return streamOf(whole.slice(0, -1))
      case 'in-band-stream':
        return streamOf([ROLE, event({ error: { message: 'overloaded' } })])
      case 'empty':
        return streamOf([ROLE, DONE])
      case 'malformed-chunk':
        return streamOf([ROLE, words[0]!, 'data: {"choices":[\n\n', ...whole.slice(2)])
      case 'slow':
        return streamOf(whole, { gapMs: 100 })
      default:
        return streamOf(whole, { gapMs: 5 })
    }
  }
  return new Response(sent()!, { headers: { 'content-type': 'text/event-stream' } })
}

/** Anthropic's Messages API. */
function anthropic({ stream }: Body, answer = 'Three days.'): Response {
  const usage = { input_tokens: 10, output_tokens: 5 }
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    stop_reason: null,
    content: [] as object[],
  }
  if (!stream)
    return Response.json({
      ...message,
      content: [{ type: 'text', text: answer }],
      stop_reason: 'end_turn',
      usage,
    })
  const typed = (data: { type: string }) => `event: ${data.type}\n${event(data)}`
  const text = (words: string) =>
    typed({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: words } } as {
      type: string
    })
  const events = [
    typed({ type: 'message_start', message: { ...message, usage } } as { type: string }),
    typed({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } } as {
      type: string
    }),
    text(answer.slice(0, 6)),
    text(answer.slice(6)),
    typed({ type: 'content_block_stop', index: 0 } as { type: string }),
    typed({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage } as { type: string }),
    typed({ type: 'message_stop' }),
  ]
  return new Response(streamOf(events), { headers: { 'content-type': 'text/event-stream' } })
}

function good(
  behaviour: string,
  path: string,
  headers: Record<string, string>,
  body: Body,
  text: string,
): Response {
  const { input, model } = body
  if (path === '/v1/embeddings') {
    const inputs = Array.isArray(input) ? input : [input]
    const data = inputs.map((_, index) => ({ object: 'embedding', index, embedding: [index, 1] }))
    return Response.json({ object: 'list', data, model, usage: { prompt_tokens: 3, total_tokens: 3 } })
  }
  // Echoes what reached it.
  const plain = behaviour === 'echo' ? JSON.stringify({ headers, text }) : `${behaviour} says three days`
  const content = repeated(behaviour, body) ?? plain
  const choice =
    path === '/v1/completions'
      ? { index: 0, text: content, finish_reason: 'stop' }
      : { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }
  return Response.json({
    id: 'c1',
    object: 'chat.completion',
    model: 'm-served',
    choices: [choice],
    usage: USAGE,
  })
}

function streamOf(
  parts: readonly string[],
  { gapMs = 5, last = 'end' }: { gapMs?: number; last?: 'end' | 'cut' | 'hang' } = {},
): ReadableStream {
  let i = 0
  return new ReadableStream({
    async pull(controller) {
      if (i > 0) await wait(gapMs)
      if (i < parts.length) return controller.enqueue(encoder.encode(parts[i++]))
      if (last === 'hang') await wait(5_000)
      if (last === 'cut') controller.error(new Error('cut off'))
      else controller.close()
    },
  })
}

/** A good answer of so many megabytes. */
function huge(megabytes: number): ReadableStream {
  const [head, part, tail] = [
    '{"choices":[{"index":0,"message":{"role":"assistant","content":"',
    'x'.repeat(1_000_000),
    '"},"finish_reason":"stop"}]}',
  ]
  let i = -1
  return new ReadableStream({
    pull(controller) {
      i++
      if (i <= megabytes + 1)
        controller.enqueue(encoder.encode(i === 0 ? head : i <= megabytes ? part : tail))
      else controller.close()
    },
  })
}
