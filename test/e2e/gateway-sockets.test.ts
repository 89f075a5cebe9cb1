import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answer, createClient } from '../../client/sluice.ts'
import { deployRoute } from '../../scripts/stack/deploy-route.ts'
import { startStackProcess, type StackProcess } from '../../scripts/stack/stack-process.ts'
import { startModelEndpoint, type ModelEndpoint } from './faults/start-model-endpoint.ts'

/** Faults before there is an answer, and what the gateway says of each. */
const BEFORE = {
  refused: /connection lost|unreachable/,
  hang: /no answer in time/,
  reset: /connection lost|unreachable/,
  'rate-limited': /HTTP 429/,
  'not-json': /not JSON/,
  html: /not JSON|stream is empty/,
} as const
/** Faults of a JSON answer that has begun. */
const WITHIN = { 'reset-body': /connection lost|unreachable/, drip: /no answer in time/ } as const
const FAULTS = [
  ...Object.keys(BEFORE),
  ...Object.keys(WITHIN),
  'unsteady',
  'huge',
  'stall-stream',
  'reset-stream',
  'endless-stream',
]
const TIMEOUTS = { headersMs: 500, firstChunkMs: 500, chunkMs: 600, totalMs: 4_000 }

const stateDir = mkdtempSync(join(tmpdir(), 'sluice-sockets-'))
let stack: StackProcess
let broken: ModelEndpoint
let sound: ModelEndpoint

beforeAll(async () => {
  const closed = await closedPort()
  ;[broken, sound, stack] = await Promise.all([
    startModelEndpoint('broken'),
    startModelEndpoint('sound'),
    startStackProcess(stateDir, { vars: { UPSTREAM_KEY: 'upstream-key' } }),
  ])
  const client = createClient(stack)
  const target = (servedModel: string, baseUrl = broken.baseUrl) => ({
    servedModel,
    baseUrl: servedModel === 'refused' ? `http://127.0.0.1:${closed}/v1` : baseUrl,
    secret: 'UPSTREAM_KEY',
  })
  const targets = [target('ok', sound.baseUrl), ...FAULTS.map((fault) => target(fault))]
  const rules = await Promise.all(
    FAULTS.map(async (fault, i) => {
      const param = { name: `faults-${i + 1}` }
      const { ref } = await answer(client.models[':name'].versions.$post({ param, json: targets[i + 1]! }))
      return { when: { fault }, model: ref }
    }),
  )
  const settings = { timeouts: TIMEOUTS, retry: { baseMs: 10, maxMs: 20 } }
  await deployRoute(client, { route: 'faults', targets, with: { ...settings, rules } })
  const timeouts = { ...TIMEOUTS, totalMs: 1_500 }
  const dead = [target('refused'), target('hang')]
  await deployRoute(client, { route: 'dead', targets: dead, with: { ...settings, timeouts } })
  await deployRoute(client, {
    route: 'budget',
    targets: [target('ok', sound.baseUrl)],
    with: { limits: { tokensPerDay: 1 } },
  })
}, 120_000)
afterAll(async () => {
  await stack?.stop()
  await Promise.all([broken?.kill(), sound?.kill()])
  rmSync(stateDir, { recursive: true, force: true })
})

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

interface Question {
  model?: string
  fault?: string
  stream?: boolean
  key?: string
  content?: string
}

const bodyOf = ({ model = 'faults', stream = false, content = 'Where is it?' }: Question) =>
  JSON.stringify({ model, stream, messages: [{ role: 'user', content }] })
const headersOf = ({ fault, key = stack.key }: Question): Record<string, string> => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  ...(fault === undefined ? {} : { 'x-sluice-metadata': JSON.stringify({ fault }) }),
})

async function ask(question: Question) {
  const started = Date.now()
  const response = await fetch(`${stack.url}/v1/chat/completions`, {
    method: 'POST',
    headers: headersOf(question),
    body: bodyOf(question),
  })
  const text = await response.text()
  return {
    status: response.status,
    text,
    reason: response.headers.get('x-sluice-fallback-reason'),
    header: (name: string) => response.headers.get(name),
    ms: Date.now() - started,
  }
}
const errorIn = (text: string) =>
  (JSON.parse(text) as { error: { message: string; type: string; param: string | null; code: string } }).error

describe('another target answers where one', () => {
  test.for(Object.entries({ ...BEFORE, ...WITHIN }))('%s', async ([fault, reason]) => {
    const answered = await ask({ fault })
    expect([answered.status, answered.text]).toEqual([200, expect.stringContaining('sound answers')])
    expect(answered.reason).toMatch(reason)
    expect(answered.ms).toBeLessThan(TIMEOUTS.totalMs)
  })

  test.for(Object.entries(BEFORE))('%s, of a stream', async ([fault]) => {
    const { status, text } = await ask({ fault, stream: true })
    expect([status, text]).toEqual([200, expect.stringContaining('"content":"sound "')])
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('fails three of ten times', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask({ fault: 'unsteady' })))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  })
})

describe('one clear error, in time, where', () => {
  test('no target answers', async () => {
    const { status, text, ms, header } = await ask({ model: 'dead' })
    expect(ms).toBeLessThan(2_500)
    expect(status).toBe(502)
    expect(errorIn(text)).toMatchObject({
      type: 'server_error',
      message: expect.stringMatching(/dead.*(connection lost|unreachable).*no answer in time/s),
    })
    expect(header('x-should-retry')).toBe('false')
    expect(text).not.toMatch(/127\.0\.0\.1|upstream-key/)
  })

  test.for(['stall-stream', 'reset-stream'])('a stream breaks after its beginning: %s', async (fault) => {
    const { status, text, ms } = await ask({ fault, stream: true })
    expect(status).toBe(200)
    expect(text).toContain('"content":"broken "')
    const last = text.trim().split('\n').at(-1)!
    expect(errorIn(last.slice('data: '.length))).toMatchObject({ code: 'upstream_stream_error' })
    expect(ms).toBeLessThan(TIMEOUTS.totalMs)
  })

  test('the request is wrong', async () => {
    const unknown = await ask({ model: 'nobody' })
    expect([unknown.status, errorIn(unknown.text).code]).toEqual([404, 'model_not_found'])
    const stranger = await ask({ key: 'sk_sluice_wrong' })
    expect([stranger.status, errorIn(stranger.text).code]).toEqual([401, 'key.unknown'])
    const large = await ask({ content: 'x'.repeat(50_000_000) })
    expect([large.status, errorIn(large.text).code]).toEqual([413, 'body.too_large'])
  })

  test('the budget is spent', async () => {
    expect((await ask({ model: 'budget' })).status).toBe(200)
    const { status, text } = await ask({ model: 'budget' })
    expect([status, errorIn(text).code]).toEqual([429, 'insufficient_quota'])
    expect(errorIn(text).message).toMatch(/\d+ of 1 tokens a day are used/)
  })
})

test('an answer of 50 MB is passed on', async () => {
  const { status, text } = await ask({ fault: 'huge' })
  expect([status, text.length > 50_000_000, text.endsWith('}')]).toEqual([200, true, true])
})

describe('the upstream is hung up on, and the trace says so, when the caller leaves', () => {
  test.for([
    ['hang', false, 'RST'],
    ['hang', true, 'RST'],
    ['stall-stream', true, 'RST'],
    ['drip', false, 'RST'],
    // Who closes its side alone may still read: only that it does not shows that it is gone.
    ['endless-stream', true, 'FIN'],
  ] as const)('%s, stream: %s, %s', async ([fault, stream, how]) => {
    const before = (await broken.seen()).hungUp[fault] ?? 0
    const traceId = crypto.randomUUID().replaceAll('-', '')
    const { hostname, port } = new URL(stack.url)
    const socket = connect(Number(port), hostname)
    const body = bodyOf({ stream })
    const headers = {
      ...headersOf({ fault }),
      host: hostname,
      'content-length': String(body.length),
      traceparent: `00-${traceId}-${'d'.repeat(16)}-01`,
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
    await expect.poll(async () => (await broken.seen()).open[fault], { interval: 10 }).toBeGreaterThan(0)
    await sleep(50)
    if (how === 'RST') socket.resetAndDestroy()
    else socket.destroy()
    const left = Date.now()
    await expect.poll(async () => (await broken.seen()).hungUp[fault] ?? 0, { interval: 10 }).toBe(before + 1)
    console.log(`${fault}, stream: ${stream}, ${how}: ${Date.now() - left} ms`)
    const traced = async () => {
      const { traces } = await answer(
        createClient(stack).routes[':route'].traces.$get({
          param: { route: 'faults' },
          query: { traceId } as never,
        }),
      )
      return traces.map(({ outcome }) => outcome)
    }
    await expect.poll(traced, { timeout: 10_000 }).toEqual(['client_gone'])
  })
})
