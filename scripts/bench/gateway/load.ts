/** Closed loops of requests, as a process of its own: each loop sends its next request when the last one is answered. */
import { quantileSorted } from 'simple-statistics'
import { Pool, type Dispatcher } from 'undici'

export interface Load {
  url: string
  headers: Record<string, string>
  body: string
  /** What an answer must hold to count as one. */
  holds: string
  concurrency: number
  seconds: number
  /** Also answers which version of the route each request had. */
  versions?: boolean
}

export interface Loaded {
  requests: number
  failed: number
  seconds: number
  /** To the end of the answer, in milliseconds. */
  p50: number
  p99: number
  /** To its first byte. */
  firstByteP50: number
  /** By version of the route: when its first and its last answer were whole, in epoch milliseconds. */
  versions: Record<string, { first: number; last: number; answers: number }>
  /** What was wrong with the first that failed. */
  failure: string | undefined
}

interface Answered {
  ms: number
  firstByteMs: number
  version: string | undefined
  failure: string | undefined
}

const VERSION = 'x-sluice-route-version'

async function run({ url, headers, body, holds, concurrency, seconds, versions }: Load): Promise<Loaded> {
  const { origin, pathname } = new URL(url)
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 })
  const options: Dispatcher.DispatchOptions = {
    origin,
    path: pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  }
  const seen: Loaded['versions'] = {}
  const all: Answered[] = []
  const started = performance.now()
  const until = started + seconds * 1_000
  const loop = async () => {
    while (performance.now() < until) {
      const answered = await once(pool, options, holds)
      all.push(answered)
      if (versions) note(seen, answered.version ?? 'none')
    }
  }
  await Promise.all(Array.from({ length: concurrency }, loop))
  const took = (performance.now() - started) / 1_000
  await pool.close()
  const sorted = (of: (answered: Answered) => number) =>
    all
      .filter(({ failure }) => failure === undefined)
      .map(of)
      .toSorted((a, b) => a - b)
  const ms = sorted((answered) => answered.ms)
  const failures = all.flatMap(({ failure }) => (failure === undefined ? [] : [failure]))
  const at = (p: number, of: number[]) => (of.length > 0 ? quantileSorted(of, p) : Number.NaN)
  return {
    requests: ms.length,
    failed: failures.length,
    seconds: took,
    p50: at(0.5, ms),
    p99: at(0.99, ms),
    firstByteP50: at(
      0.5,
      sorted(({ firstByteMs }) => firstByteMs),
    ),
    versions: seen,
    failure: failures[0],
  }
}

function once(pool: Pool, options: Dispatcher.DispatchOptions, holds: string): Promise<Answered> {
  return new Promise((resolve) => {
    const started = performance.now()
    const parts: Buffer[] = []
    let firstByteMs = 0
    let status = 0
    let version: string | undefined
    const end = (failure: string | undefined) =>
      resolve({ ms: performance.now() - started, firstByteMs, version, failure })
    pool.dispatch(options, {
      // By this undici knows that the handler is one of its newer kind.
      onRequestStart: () => undefined,
      onResponseStart(_controller, statusCode, headers) {
        status = statusCode
        const value = headers[VERSION]
        version = typeof value === 'string' ? value : undefined
      },
      onResponseData(_controller, chunk) {
        if (parts.length === 0) firstByteMs = performance.now() - started
        parts.push(chunk)
      },
      onResponseEnd() {
        const text = Buffer.concat(parts)
        end(
          status === 200 && text.includes(holds) ? undefined : `${status}: ${text.toString().slice(0, 200)}`,
        )
      },
      onResponseError: (_controller, error) => end(error.message),
    })
  })
}

function note(seen: Loaded['versions'], version: string): void {
  const now = performance.timeOrigin + performance.now()
  const of = (seen[version] ??= { first: now, last: now, answers: 0 })
  of.last = now
  of.answers++
}

process.on('message', (load: Load) => {
  void run(load).then((loaded) => process.send!(loaded))
})
process.on('disconnect', () => process.exit(0))
