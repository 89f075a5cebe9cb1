/** Calls in a row that an endpoint may leave without an answer before it is left alone, and for how long. */
const MAX_SILENCES = 4
const REST_MS = 60_000
/** Endpoints that are remembered: names may come from requests. */
const MAX_REMEMBERED = 1000

const silences = new Map<string, { inARow: number; restsUntil: number }>()

/**
 * Why an endpoint is not asked now. One that keeps calls waiting until their time is up would hold each row for minutes, and
 * a chunk of rows longer than a queue lets its consumer run. What is remembered is this isolate's.
 */
export function restOf(key: string, now: number): string | undefined {
  const { inARow, restsUntil } = silences.get(key) ?? { inARow: 0, restsUntil: 0 }
  return now < restsUntil
    ? `${inARow} calls in a row had no answer in time; it is asked again in ${Math.ceil((restsUntil - now) / 1000)} s`
    : undefined
}

export function noteAnswer(key: string): void {
  silences.delete(key)
}

export function noteSilence(key: string, now: number): void {
  const inARow = (silences.get(key)?.inARow ?? 0) + 1
  if (silences.size >= MAX_REMEMBERED) silences.clear()
  silences.set(key, { inARow, restsUntil: inARow >= MAX_SILENCES ? now + REST_MS : 0 })
}
