import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { anthropicAnswer } from './anthropic-upstream.ts'
import { openaiAnswer } from './openai-upstream.ts'

export interface Asked {
  path: string
  headers: Record<string, string | string[] | undefined>
  body: { model: string; stream?: boolean }
}
export type Answer = { status?: number; json: object } | { events: string[] }

export interface Upstream {
  url: string
  /** All that was asked of a model, oldest first. */
  callsOf(model: string): (Asked & { closed: 'open' | 'ended' | 'broken' })[]
  stop(): Promise<void>
}

const CHUNK_MS = 5
const DRIBBLE_MS = 50

/**
 * A server that speaks OpenAI's API and Anthropic's. A model's name begins with how it behaves: `ok`, `down` (500), `cut` (its
 * streams break off) or `slow` (its streams go on until nobody listens).
 */
export async function startUpstream(): Promise<Upstream> {
  const calls: ReturnType<Upstream['callsOf']> = []
  const server = createServer((request, response) => {
    void readJson(request).then(async (body) => {
      const call = {
        path: request.url!,
        headers: request.headers,
        body,
        closed: 'open' as 'open' | 'ended' | 'broken',
      }
      calls.push(call)
      response.once('close', () => (call.closed = response.writableFinished ? 'ended' : 'broken'))
      await respond(call, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    callsOf: (model) => calls.filter(({ body }) => body.model === model),
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function respond(asked: Asked, response: ServerResponse): Promise<void> {
  const [behaviour] = asked.body.model.split('-')
  const answer =
    behaviour === 'down'
      ? refused(500, 'The server had an error')
      : asked.path === '/v1/messages'
        ? anthropicAnswer(asked)
        : openaiAnswer(asked)
  if ('json' in answer) {
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
    return void response.end(JSON.stringify(answer.json))
  }
  const { events } = answer
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  // The second half begins within the answer's words.
  const half = Math.ceil(events.length / 2)
  for (const event of behaviour === 'ok' ? events : events.slice(0, half)) {
    response.write(event)
    await sleep(CHUNK_MS)
  }
  if (behaviour === 'slow') await dribble(response, events[half - 1]!)
  if (behaviour === 'cut') response.destroy()
  else response.end()
}

/** Sends the same event again and again, until nobody listens. */
async function dribble(response: ServerResponse, event: string): Promise<void> {
  while (!response.destroyed) {
    response.write(event)
    await sleep(DRIBBLE_MS)
  }
}

/** An error in OpenAI's shape. */
export function refused(status: number, message: string): Answer {
  return { status, json: { error: { message, type: 'invalid_request_error', param: null, code: null } } }
}

async function readJson(request: IncomingMessage): Promise<Asked['body']> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text) as Asked['body']
}
