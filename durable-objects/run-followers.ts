import type { RunLogEntry } from './run-store.ts'
import type { StageLogLine } from './stage-log.ts'

/** Where a follower stopped reading: the last event, and the last line of the stage logs, that it has. */
export interface FollowFrom {
  event: number
  line: number
}

const encoder = new TextEncoder()

/** Whoever follows a run live, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export class RunFollowers {
  readonly #controllers = new Map<ReadableByteStreamController, FollowFrom>()

  /** A stream that begins with what `from` lacks, and goes on with whatever is pushed. */
  follow(from: FollowFrom, push: () => void): ReadableStream<Uint8Array> {
    let own: ReadableByteStreamController
    return new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        own = controller
        this.#controllers.set(controller, { ...from })
        push()
      },
      cancel: () => void this.#controllers.delete(own),
    })
  }

  get count(): number {
    return this.#controllers.size
  }

  /** Sends each follower what it lacks; `load` reads it. After the last event of a run, the streams end. */
  push(load: (from: FollowFrom) => { events: RunLogEntry[]; lines: StageLogLine[] }, ended: boolean): void {
    for (const [controller, from] of this.#controllers) {
      try {
        sendAll(controller, from, load)
        if (!ended) continue
        controller.enqueue(sseMessage('end', from, {}))
        controller.close()
        this.#controllers.delete(controller)
      } catch {
        // The reader has gone; nothing else makes `enqueue` throw.
        this.#controllers.delete(controller)
      }
    }
  }
}

/** What is loaded comes in pages. */
function sendAll(
  controller: ReadableByteStreamController,
  from: FollowFrom,
  load: (from: FollowFrom) => { events: RunLogEntry[]; lines: StageLogLine[] },
): void {
  for (;;) {
    const { events, lines } = load(from)
    if (events.length === 0 && lines.length === 0) return
    for (const entry of events) {
      from.event = entry.seq
      controller.enqueue(sseMessage('event', from, entry))
    }
    for (const line of lines) {
      from.line = line.line
      controller.enqueue(sseMessage('log', from, line))
    }
  }
}

/** The id holds both places, so that a client that comes back says where it stopped by `Last-Event-ID`. */
export function sseMessage(type: string, { event, line }: FollowFrom, data: unknown): Uint8Array {
  return encoder.encode(`id: ${event}.${line}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
}
