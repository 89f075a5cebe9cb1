import type { RouteVersion } from './route.ts'

/** How long an attempt may take, in ms from its start. */
export interface AttemptTimes {
  headersMs: number
  /** From the headers to the first chunk of a stream, or to the end of another answer. */
  firstChunkMs: number
  /** Between two chunks of a stream that is held back until it is whole; undefined without limit. */
  heldChunkMs: number | undefined
  totalMs: number
}

/** To the headers of a stream, and to its first chunk, where the route does not say. */
const STREAM_MS = 10_000
/** Where the route does not say: nothing is sent yet, and another target may still answer. */
const HELD_CHUNK_MS = 15_000
/** What the last target leaves of the time for those whose breakers are open: they may be back. */
const SHARE_FOR_OPEN = 0.2

/**
 * A slow answer is better than none: the last target gets as long as the request may last, and any gets half of that to
 * generate an answer that is sent whole.
 *
 * @param left what is left of the request's total time, in ms
 */
export function attemptTimes(
  { headersMs, firstChunkMs, chunkMs }: RouteVersion['timeouts'],
  left: number,
  { isLast, othersOpen = false, isStream }: { isLast: boolean; othersOpen?: boolean; isStream: boolean },
): AttemptTimes {
  const unsaid = isStream ? STREAM_MS : left / 2
  const lastMs = othersOpen ? left * (1 - SHARE_FOR_OPEN) : left
  return {
    headersMs: isLast ? lastMs : Math.min(headersMs ?? unsaid, left),
    firstChunkMs: isLast ? lastMs : Math.min(firstChunkMs ?? unsaid, left),
    heldChunkMs: chunkMs ?? (isLast ? undefined : HELD_CHUNK_MS),
    totalMs: left,
  }
}
