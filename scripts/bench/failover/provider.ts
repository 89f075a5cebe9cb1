/**
 * A provider that misbehaves by the name of the model, in a process of its own, with a log of what reached it. Systems
 * under test are told apart by the first part of the path: `/SYSTEM/v1/chat/completions`. Prints its URL.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { TOKENS } from './answer.ts'
import { actionFor, described, type StreamFault } from './faults.ts'
import type { LogEntry } from './provider-process.ts'

const TOKEN_EVERY_MS = 15

interface Request {
  model: string
  messages: { role: string; content: string }[]
  stream_options?: { include_usage?: boolean }
}

/** By system and model. */
const scenarios = new Map<string, { beganAt: number; log: LogEntry[] }>()

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url!, 'http://provider')
  const key = `${searchParams.get('system')} ${searchParams.get('model')}`
  if (pathname === '/begin') {
    scenarios.set(key, { beganAt: performance.now(), log: [] })
    response.end()
  } else if (pathname === '/log') {
    response.end(JSON.stringify(scenarios.get(key)?.log ?? []))
  } else {
    const body = JSON.parse(await text(request)) as Request
    await complete(pathname.split('/')[1]!, body, response)
  }
}

async function complete(system: string, body: Request, response: ServerResponse): Promise<void> {
  const { model, messages } = body
  const key = `${system} ${model}`
  const scenario = scenarios.get(key) ?? { beganAt: performance.now(), log: [] }
  scenarios.set(key, scenario)
  const atMs = performance.now() - scenario.beganAt
  const prefill = messages.at(-1)?.role === 'assistant'
  const action = actionFor(model, { number: scenario.log.length + 1, atMs, prefill })
  scenario.log.push({ atMs: Math.round(atMs), action: described(action), prefill })
  switch (action.kind) {
    case 'error':
      response.writeHead(action.status, { 'content-type': 'application/json', ...action.headers })
      response.end(JSON.stringify({ error: action.error }))
      return
    case 'reset':
      response.socket!.resetAndDestroy()
      return
    case 'silence':
      await sleep(action.ms)
      response.destroy()
      return
    case 'stream':
      await stream(body, action, response)
  }
}

async function stream(
  { model, messages, stream_options }: Request,
  { firstTokenMs, cutAfter, stallMs, malformedAt, noDone }: StreamFault,
  response: ServerResponse,
): Promise<void> {
  const created = Math.floor(Date.now() / 1000)
  let events = 0
  const say = (fields: object) => {
    if (++events === malformedAt) response.write('data: {"id":"chatcmpl-1","choices":[{"index":0,"del\n\n')
    const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created, model, ...fields }
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  }
  const delta = (part: object, finish_reason: string | null = null) =>
    say({ choices: [{ index: 0, delta: part, finish_reason }] })

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  response.flushHeaders()
  if (firstTokenMs !== undefined) await sleep(firstTokenMs)
  delta({ role: 'assistant', content: '' })
  for (const token of TOKENS.slice(0, cutAfter)) {
    delta({ content: token })
    await sleep(TOKEN_EVERY_MS)
    if (response.destroyed) return
  }
  if (cutAfter !== undefined) {
    if (stallMs !== undefined) await sleep(stallMs)
    response.destroy()
    return
  }
  delta({}, 'stop')
  if (stream_options?.include_usage) say({ choices: [], usage: usageOf(messages) })
  response.end(noDone ? undefined : 'data: [DONE]\n\n')
}

/** Counted in words: what matters is that a count is there. */
function usageOf(messages: Request['messages']) {
  const asked = messages.map(({ content }) => content).join(' ')
  const prompt_tokens = asked.split(' ').length
  return { prompt_tokens, completion_tokens: TOKENS.length, total_tokens: prompt_tokens + TOKENS.length }
}
