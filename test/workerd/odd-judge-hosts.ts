import { Response } from 'miniflare'

let busy = 0
let fickle = 0

/** Ways in which an endpoint that should judge goes wrong, by the first part of its path. */
export async function oddJudge(path: string, body: string): Promise<Response> {
  const [, how] = path.split('/')
  const good = () => completion(JSON.stringify(judgementOf(body)))
  switch (how) {
    case 'no-choices':
      return Response.json({ choices: [] })
    case 'error-body':
      return Response.json({ error: { message: 'the model is warming up' } })
    case 'html':
      return new Response('<html><body>Sign in</body></html>', { headers: { 'content-type': 'text/html' } })
    case 'html-type':
      return new Response(await good().text(), { headers: { 'content-type': 'text/html' } })
    case 'refusal':
      return message({ content: null, refusal: 'I cannot help with that.' })
    case 'tool-calls':
      return message({
        content: null,
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'judgement', arguments: '{}' } }],
      })
    case 'parts':
      return message({ content: [{ type: 'text', text: JSON.stringify(judgementOf(body)) }] })
    case 'cut':
      return message({ content: '{"content_id":"' }, 'length')
    case 'fenced':
      return completion(`\`\`\`JSON\r\n${JSON.stringify(judgementOf(body))}\r\n\`\`\``)
    case 'chatty':
      return completion(`Here it is: ${JSON.stringify(judgementOf(body))}`)
    case 'wrong-type':
      return completion(JSON.stringify({ ...judgementOf(body), verdict: 11 }))
    case 'text-score':
      return completion(JSON.stringify({ ...judgementOf(body), verdict: '0.9' }))
    case 'nan':
      return completion(JSON.stringify(judgementOf(body)).replace('"fully"', 'NaN'))
    case 'more':
      return completion(JSON.stringify({ ...judgementOf(body), score: 1 }))
    case 'paid-back':
      return usage(good(), { prompt_tokens: -1e9, completion_tokens: -1 })
    case 'away':
      return new Response(null, { status: 307, headers: { location: 'http://foreign.test/v1/steal' } })
    case 'echo':
      return new Response('Incorrect API key provided: test-gpu-key', { status: 401 })
    case 'huge':
      return new Response(endless(50_000_000), { headers: { 'content-type': 'application/json' } })
    case 'hangs':
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      return good()
    case 'dribbles':
      return new Response(dribble(), { headers: { 'content-type': 'application/json' } })
    case 'later':
      if (busy++ > 0) return good()
      return new Response('not now', {
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 2_000).toUTCString() },
      })
    case 'fickle':
      await new Promise((resolve) => setTimeout(resolve, 100))
      return completion(
        JSON.stringify({ ...judgementOf(body), verdict: fickle++ % 2 === 0 ? 'fully' : 'not' }),
      )
    default:
      return good()
  }
}

function judgementOf(body: string) {
  const [, id] = /<row id=\\"([0-9a-f]+)\\">/.exec(body) ?? []
  return { content_id: id, reason: 'So.', verdict: 'fully' }
}

function message(of: object, finish_reason = 'stop'): Response {
  return Response.json({
    choices: [{ message: { role: 'assistant', ...of }, finish_reason }],
    usage: { prompt_tokens: 1000, completion_tokens: 100 },
  })
}

const completion = (content: string) => message({ content })

function usage(answer: Response, of: object): Promise<Response> {
  return answer.json().then((body) => Response.json({ ...(body as object), usage: of }))
}

function endless(bytes: number): ReadableStream {
  const part = new Uint8Array(64_000).fill(32)
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(part)
      sent += part.length
      if (sent >= bytes) controller.close()
    },
  })
}

/** Says that it answers, and never does. */
function dribble(): ReadableStream {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode('{'))
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      controller.close()
    },
  })
}
