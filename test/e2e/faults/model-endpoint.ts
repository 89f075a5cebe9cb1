/**
 * A model endpoint as a process of its own: `node model-endpoint.ts NAME PORT`. It answers with its name; `model` says what
 * goes wrong on the way. Prints its port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const [name, port] = process.argv.slice(2)
const MEGABYTES = 50
const JSON_TYPE = { 'content-type': 'application/json' }

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const whole = JSON.stringify({
  id: 'c1',
  object: 'chat.completion',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: `${name} answers` }, finish_reason: 'stop' }],
  usage,
})
const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`
const words = [chunk({ role: 'assistant', content: `${name} ` }), chunk({ content: 'answers' })]
const END = `${chunk({}, 'stop')}data: [DONE]\n\n`

type Fault = (response: ServerResponse, socket: Socket) => Promise<void> | void

/** Before or instead of the headers, and in the middle of the body. Each ends by itself when the gateway hangs up. */
const FAULTS: Record<string, Fault> = {
  hang: () => undefined,
  reset: (_, socket) => void socket.resetAndDestroy(),
  'rate-limited': (response) => {
    response.writeHead(429, { ...JSON_TYPE, 'retry-after': '1' })
    response.end('{"error":{"message":"slow down","type":"rate_limit_error","code":"rate_limit_exceeded"}}')
  },
  'not-json': (response) => void response.writeHead(200, JSON_TYPE).end('{"choices":[{"message":'),
  html: (response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
  'reset-body': async (response, socket) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': whole.length })
    response.write(whole.slice(0, 40))
    await sleep(50)
    socket.resetAndDestroy()
  },
  drip: async (response, socket) => {
    response.writeHead(200, JSON_TYPE)
    for (let i = 0; i < 1_000 && !socket.destroyed; i++) {
      response.write(' ')
      await sleep(50)
    }
  },
  huge: async (response, socket) => {
    response.writeHead(200, JSON_TYPE)
    response.write('{"choices":[{"index":0,"message":{"role":"assistant","content":"')
    for (let i = 0; i < MEGABYTES && !socket.destroyed; i++)
      if (!response.write('x'.repeat(1_000_000)))
        await new Promise((resolve) => response.once('drain', resolve))
    response.end('"},"finish_reason":"stop"}]}')
  },
  'stall-stream': (response) => void response.writeHead(200).write(words[0]!),
  'endless-stream': async (response, socket) => {
    response.writeHead(200)
    for (let i = 0; i < 1_000 && !socket.destroyed; i++) {
      response.write(words[1]!)
      await sleep(50)
    }
  },
  'reset-stream': async (response, socket) => {
    response.writeHead(200).write(words[0]!)
    await sleep(100)
    socket.resetAndDestroy()
  },
}

/** Requests that are open, by model; and, by model, how many the gateway hung up on. */
const open = new Map<string, number>()
const hungUp = new Map<string, number>()
const more = (of: Map<string, number>, model: string, by: number) => of.set(model, (of.get(model) ?? 0) + by)

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/seen') {
    response.writeHead(200, JSON_TYPE)
    response.end(JSON.stringify({ open: Object.fromEntries(open), hungUp: Object.fromEntries(hungUp) }))
    return
  }
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  const { model, stream } = JSON.parse(text) as { model: string; stream?: boolean }
  more(open, model, 1)
  response.once('close', () => {
    more(open, model, -1)
    if (!response.writableFinished) more(hungUp, model, 1)
  })
  const fault = FAULTS[model]
  if (fault) return fault(response, request.socket)
  // 30 of 100.
  if (model === 'unsteady' && Math.random() < 0.3) return void response.writeHead(500).end('broken')
  if (!stream) {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': whole.length })
    return void response.end(whole)
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const word of words) {
    response.write(word)
    await sleep(2)
  }
  response.end(END)
}

const server = createServer(
  (request, response) => void answer(request, response).catch(() => response.destroy()),
)
server.keepAliveTimeout = 120_000
server.listen(Number(port), '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
