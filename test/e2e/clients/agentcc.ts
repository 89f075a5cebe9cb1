import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../../../scripts/stack/build.ts'
import type { Gateway } from './gateway.ts'

/** A request as FutureAGI's gateway client sent it. */
interface Sent {
  method: string
  url: string
  headers: Record<string, string>
  json?: Record<string, unknown>
  text?: string
}

const SDK = {
  'user-agent': 'agentcc-typescript/0.1.0',
  'content-type': 'application/json',
  'x-agentcc-sdk-version': '0.1.0',
  accept: 'application/json',
}
const TRACE = '7dab0854870e40698a7835b0e9c50f26'
const hi = [{ role: 'user', content: 'hi' }]
const get_weather = {
  name: 'get_weather',
  description: 'Get the weather for a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const sent = (url: string, json: Record<string, unknown>, headers = {}): Sent => ({
  method: 'POST',
  url,
  headers: { ...SDK, ...headers },
  json,
})

/** The shapes that its tests send. */
const REPRESENTATIVE: Record<string, Sent> = {
  'a chat with all its headers': sent(
    '/v1/chat/completions',
    { model: 'prod-model', messages: hi },
    {
      'x-agentcc-session-id': 's1',
      'x-agentcc-session-name': 'wf',
      'x-agentcc-metadata': '{"cohort":"eu","prompt_version":"3"}',
      traceparent: `00-${TRACE}-3d1050fa32774942-01`,
      'x-agentcc-trace-id': TRACE,
      'x-agentcc-config': '{"fallback":{"targets":[{"model":"prev"}]},"cache":{"enabled":true,"ttl":60}}',
      'x-agentcc-cache-ttl': '60',
      'x-agentcc-cache-namespace': 'prod',
    },
  ),
  'a stream': sent('/v1/chat/completions', {
    model: 'gemini-2.0-flash',
    messages: hi,
    stream: true,
    max_tokens: 20,
  }),
  'a stream with tools': sent('/v1/chat/completions', {
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: 'What’s weather in Paris? Use get_weather.' }],
    tools: [{ type: 'function', function: get_weather }],
    stream: true,
  }),
  JSON: sent('/v1/chat/completions', {
    model: 'gemini-2.0-flash',
    messages: hi,
    response_format: { type: 'json_object' },
  }),
  'metadata and a session in the body': sent('/v1/chat/completions', {
    model: 'gemini-2.0-flash',
    messages: hi,
    metadata: { test: 'wire-format', ci: true },
    sessionId: 'wire',
  }),
  'legacy completions': sent('/v1/completions', { model: 'gpt-4o-mini', prompt: 'pong', max_tokens: 5 }),
  'an embedding': sent('/v1/embeddings', { model: 'gemini-embedding-001', input: 'hello world' }),
  embeddings: sent('/v1/embeddings', { model: 'gemini-embedding-001', input: ['foo', 'bar', 'baz'] }),
  models: { method: 'GET', url: '/v1/models', headers: SDK },
  'one model': { method: 'GET', url: '/v1/models/gemini-2.0-flash', headers: SDK },
  health: { method: 'GET', url: '/healthz', headers: SDK },
  speech: sent('/v1/audio/speech', { model: 'tts', voice: 'alloy', input: 'Hello world.' }),
  reranking: sent('/v1/rerank', { model: 'rerank', query: 'x', documents: ['a', 'b'] }),
  images: sent('/v1/images/generations', { model: 'imagen', prompt: 'A circle', n: 1 }),
  moderations: sent('/v1/moderations', { model: 'omni', input: 'x' }),
  batches: { method: 'GET', url: '/v1/batches?limit=5', headers: SDK },
}

const RECORDED = join(ROOT, '../shared/fixtures/clients')
const recorded = existsSync(RECORDED)
  ? readdirSync(RECORDED)
      .filter((folder) => folder.startsWith('agentcc-'))
      .flatMap((folder) => readdirSync(join(RECORDED, folder)).map((file) => join(folder, file)))
  : []

const OFFERED = /^\/(healthz|v1\/(chat\/completions|completions|embeddings|models))/
/** Of these a target answers. */
const ANSWERED = /^\/v1\/(chat\/completions|completions|embeddings)$/

/** FutureAGI's gateway client, whose package is not published: what it sends, and what it reads of the answers. */
export function agentccTests(gateway: () => Gateway): void {
  const recordings = recorded.map((file): [string, Sent] => [
    file,
    JSON.parse(readFileSync(join(RECORDED, file), 'utf8')) as Sent,
  ])
  test.each([...Object.entries(REPRESENTATIVE), ...recordings])('%s', async (_, request) => {
    const { response, text } = await send(gateway(), request)
    const { pathname } = new URL(request.url, gateway().baseURL)
    expect([response.status, text]).toEqual([
      OFFERED.test(pathname) ? 200 : 501,
      expect.stringContaining('{'),
    ])
    if (ANSWERED.test(pathname)) expectAnswer(request, pathname, Object.fromEntries(response.headers), text)
    else JSON.parse(text)
  })

  test('what a request costs is told, and its trace is the one that it names', async () => {
    const { response } = await send(gateway(), REPRESENTATIVE['a chat with all its headers']!)
    expect(Number(response.headers.get('x-agentcc-cost'))).toBeCloseTo(12e-6 + 10e-6, 9)
    expect(response.headers.get('x-agentcc-trace-id')).toBe(TRACE)
  })

  test('a refusal has its ids too', async () => {
    const unknown = sent(
      '/v1/chat/completions',
      { model: 'none', messages: hi },
      { 'x-agentcc-trace-id': TRACE },
    )
    const { response } = await send(gateway(), unknown)
    expect(response.status).toBe(404)
    expect(response.headers.get('x-agentcc-request-id')).toMatch(/^req_/)
    expect(response.headers.get('x-agentcc-trace-id')).toBe(TRACE)
  })
}

/** What the client reads of an answer is there. */
function expectAnswer(request: Sent, path: string, read: Record<string, string>, text: string): void {
  expect(read).toMatchObject({
    'x-agentcc-request-id': expect.stringMatching(/^req_/) as string,
    'x-agentcc-trace-id':
      request.headers['x-agentcc-trace-id'] ?? (expect.stringMatching(/^[0-9a-f]{32}$/) as string),
    'x-agentcc-provider': 'openai',
    'x-agentcc-model-used': 'ok',
    'x-agentcc-latency-ms': expect.stringMatching(/^\d+$/) as string,
    'x-agentcc-timeout-ms': '60000',
    'x-agentcc-cache': 'skip',
    'x-agentcc-fallback-used': 'false',
    'x-agentcc-routing-strategy': 'fallback',
  })
  if (request.json?.stream) {
    expect(read['content-type']).toBe('text/event-stream')
    const events = text.split('\n\n').filter((event) => event !== '')
    expect(events.at(-1)).toBe('data: [DONE]')
    for (const event of events.slice(0, -1))
      expect(JSON.parse(event.slice('data: '.length))).toMatchObject({ object: 'chat.completion.chunk' })
    return
  }
  // What a stream costs is not known when its headers are sent.
  expect(Number(read['x-agentcc-cost'])).toBeGreaterThan(0)
  const { data, choices } = JSON.parse(text) as { data?: unknown[]; choices?: unknown[] }
  const input = [request.json?.input ?? []].flat()
  expect(data ?? choices).toHaveLength(path === '/v1/embeddings' ? input.length : 1)
}

async function send({ baseURL, apiKey }: Gateway, { method, url, headers, json, text }: Sent) {
  // What belongs to the connection is this one's own.
  const { host: _, connection: __, 'content-length': ___, ...others } = headers
  const body = json ? JSON.stringify(json) : text
  const response = await fetch(new URL(url, baseURL), {
    method,
    headers: { ...others, authorization: `Bearer ${apiKey}` },
    ...(method === 'GET' || body === undefined ? {} : { body }),
  })
  return { response, text: await response.text() }
}
