import { nothingUsed, spend, type DayUse } from '../domain/routing/limits.ts'

/** What each route used today, over all isolates. Only today is kept. */
export class RouteUse {
  readonly #kv: SyncKvStorage

  constructor(kv: SyncKvStorage) {
    this.#kv = kv
  }

  /** Adds what one isolate used; answers with the whole day so far. */
  add(route: string, used: DayUse, now: number): DayUse {
    const key = `use/${route}`
    const before = this.#kv.get<DayUse>(key) ?? nothingUsed().day
    const today = spend({ minute: [], day: before }, {}, now).day
    const after = used.date === today.date ? spend({ minute: [], day: today }, used, now).day : today
    if (after.tokens !== before.tokens || after.usd !== before.usd || after.date !== before.date)
      this.#kv.put(key, after)
    return after
  }
}
