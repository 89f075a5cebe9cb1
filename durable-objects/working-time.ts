/** How long something was worked on, pauses left out. Survives an eviction. */
export class WorkingTime {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  start(now: number): void {
    this.#storage.kv.put('workingSince', now)
  }

  stop(now: number): void {
    this.#storage.kv.put('workedMs', this.ms(now))
    this.#storage.kv.delete('workingSince')
  }

  ms(now: number): number {
    const since = this.#storage.kv.get<number>('workingSince')
    return (this.#storage.kv.get<number>('workedMs') ?? 0) + (since === undefined ? 0 : now - since)
  }
}
