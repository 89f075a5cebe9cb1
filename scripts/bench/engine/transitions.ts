import { answer } from '../../../client/sluice.ts'
import type { Client } from './sluice.ts'

/**
 * Milliseconds of each transition of a run: from the event that a stage has produced to the event that work on the next
 * has begun. In between lie the state change and its outbox, the queue, and the consumer that asks for its work.
 */
export async function transitionsOf(client: Client, runId: string): Promise<number[]> {
  const { events } = await answer(client.runs[':runId'].events.$get({ param: { runId }, query: {} }))
  const produced = events.filter(({ event }) => event.type === 'stage.produced').map(({ at }) => at)
  const started = events.filter(({ event }) => event.type === 'stage.started').map(({ at }) => at)
  return produced.slice(0, -1).map((at, index) => started[index + 1]! - at)
}

/**
 * Median of times that a clock of whole milliseconds gave: interpolated within the class that holds it, as is usual for
 * grouped data. The plain median would be a whole number, and of what is faster than the clock zero.
 */
export function groupedMedian(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor((sorted.length - 1) / 2)]!
  const below = sorted.filter((time) => time < middle).length
  const within = sorted.filter((time) => time === middle).length
  const from = Math.max(0, middle - 0.5)
  return from + ((sorted.length / 2 - below) / within) * (middle + 0.5 - from)
}

/** Bytes that the object of a run keeps: events, state, outbox. */
export async function storedBytes(client: Client, runId: string): Promise<number> {
  const run = await answer(client.runs[':runId'].$get({ param: { runId } }))
  return run.storedBytes
}
