const encoder = new TextEncoder()
/** Progress is sent at most this often. */
const PUSH_MS = 250

/** Whoever follows an evaluation live, as server-sent events: `progress` as it comes, and `end`. */
export class EvaluationFollowers {
  readonly #controllers = new Set<ReadableByteStreamController>()
  #pushedAt = 0

  /** A stream that begins with how far it is now. */
  follow(progress: unknown, ended: boolean): ReadableStream<Uint8Array> {
    let own: ReadableByteStreamController
    return new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        own = controller
        controller.enqueue(message(ended ? 'end' : 'progress', progress))
        if (ended) controller.close()
        else this.#controllers.add(controller)
      },
      cancel: () => void this.#controllers.delete(own),
    })
  }

  /** Tells everybody; what `must` be told, such as an end or a pause, is told at once. */
  push(progress: () => unknown, now: number, { must = false, ended = false } = {}): void {
    if (this.#controllers.size === 0 || (!must && now - this.#pushedAt < PUSH_MS)) return
    this.#pushedAt = now
    const bytes = message(ended ? 'end' : 'progress', progress())
    for (const controller of this.#controllers) {
      try {
        // A byte stream takes what it is given for its own.
        controller.enqueue(bytes.slice())
        if (ended) controller.close()
      } catch {
        // The reader has gone; nothing else makes `enqueue` throw.
        this.#controllers.delete(controller)
      }
    }
    if (ended) this.#controllers.clear()
  }
}

function message(type: 'progress' | 'end', data: unknown): Uint8Array {
  return encoder.encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
}
