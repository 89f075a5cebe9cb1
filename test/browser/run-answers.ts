import type { Asked } from './answers.ts'
import { RERUN_ID } from './fixtures/rerun.ts'
import { firstPage, runs, secondPage } from './fixtures/runs.ts'
import type {
  EventPage,
  LogEntry,
  LogLine,
  LogPage,
  RunPage,
  RunView,
} from '../../dashboard/src/api/views.ts'

const encoder = new TextEncoder()

interface Follower {
  runId: string
  lastEventId: string
  controller: ReadableStreamDefaultController<Uint8Array>
}

/** What the API says about runs, and what it was told. A run's stream says what a test pushes. */
export class RunAnswers {
  /** `POST` requests to runs: the path below `/runs`, and the body. */
  readonly told: [path: string, body: unknown][] = []
  /** Changes of a run since the fixture. */
  readonly changes = new Map<string, Partial<RunView>>()
  readonly followers = new Set<Follower>()
  /** Where the stream is refused, as by a proxy that does not let it through. */
  isStreamRefused = false
  /** Events and lines beyond those of the fixture. */
  readonly #events = new Map<string, LogEntry[]>()
  readonly #lines = new Map<string, LogLine[]>()

  answer({ method, path, query, body, headers, isEmpty }: Asked): unknown {
    const [resource, runId = '', part] = path
    if (resource !== 'runs') return undefined
    if (runId === '') {
      if (isEmpty) return { runs: [], next: null } satisfies RunPage
      return (query.has('before') ? secondPage : firstPage) satisfies RunPage
    }
    const known = runs[runId]
    if (!known) return undefined
    const after = Number(query.get('after') ?? 0)
    if (method === 'POST') return this.#tell(runId, path.slice(1).join('/'), body)
    if (part === 'stream') return this.#follow(runId, headers)
    if (part === 'events')
      return {
        events: [...known.events, ...(this.#events.get(runId) ?? [])].filter(({ seq }) => seq > after),
      } satisfies EventPage
    if (part === 'logs')
      return {
        lines: [...known.lines, ...(this.#lines.get(runId) ?? [])].filter(({ line }) => line > after),
      } satisfies LogPage
    return { ...known.run, ...this.changes.get(runId) } satisfies RunView
  }

  /** Something happens: it is logged, and whoever follows is told. */
  push(runId: string, { event, line }: { event?: LogEntry; line?: LogLine }): void {
    if (event) this.#events.set(runId, [...(this.#events.get(runId) ?? []), event])
    if (line) this.#lines.set(runId, [...(this.#lines.get(runId) ?? []), line])
    this.tellFollowers(runId, { event, line })
  }

  /** Something happens of which only the streams tell. */
  tellFollowers(
    runId: string,
    { event, line }: { event?: LogEntry | undefined; line?: LogLine | undefined },
  ): void {
    for (const follower of this.followers) {
      if (follower.runId !== runId) continue
      if (event) follower.controller.enqueue(message('event', event))
      if (line) follower.controller.enqueue(message('log', line))
    }
  }

  /** The streams break, without an end of the run. */
  dropFollowers(): void {
    for (const { controller } of this.followers) controller.close()
    this.followers.clear()
  }

  #tell(runId: string, path: string, body: unknown): unknown {
    this.told.push([path, body])
    if (path.endsWith('/pause'))
      this.changes.set(runId, { paused: { actor: 'key_reader', ...(body as { reason: string }) } })
    if (path.endsWith('/resume')) this.changes.set(runId, { paused: null })
    if (path.endsWith('/rerun')) return { runId: RERUN_ID }
    return { status: 'running' }
  }

  #follow(runId: string, headers: Headers): Response | undefined {
    if (this.isStreamRefused) return undefined
    const lastEventId = headers.get('last-event-id') ?? ''
    let own: Follower
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = { runId, lastEventId, controller }
        this.followers.add(own)
      },
      cancel: () => void this.followers.delete(own),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

function message(type: string, data: unknown): Uint8Array {
  return encoder.encode(`id: 0.0\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
}
