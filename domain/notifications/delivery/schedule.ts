/**
 * Waits in ms before each attempt to deliver a message, the first at once: the schedule of the Standard Webhooks
 * specification 1.0.0, ten attempts over 75:35:05 hours.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability
 */
export const RETRY_SCHEDULE_MS = [
  0,
  5_000,
  5 * 60_000,
  30 * 60_000,
  2 * 3_600_000,
  5 * 3_600_000,
  10 * 3_600_000,
  14 * 3_600_000,
  20 * 3_600_000,
  24 * 3_600_000,
] as const

/** A wait is drawn out by up to this share of it, so that what failed together does not come back together. */
export const JITTER_SHARE = 0.2

/** A receiver may ask for a later attempt, but not for none. */
export const MAX_RETRY_AFTER_MS = 24 * 3_600_000

/**
 * Time in ms from a failed attempt to the next; undefined when it was the last. A receiver's `Retry-After` counts where it
 * is longer.
 *
 * @param failed attempts of this round, from 1
 * @param jitter drawn uniformly from [0, 1)
 */
export function waitMs(failed: number, jitter: number, retryAfterMs: number | null): number | undefined {
  const wait = RETRY_SCHEDULE_MS[failed]
  if (wait === undefined) return undefined
  return Math.max(
    Math.round(wait * (1 + JITTER_SHARE * jitter)),
    Math.min(retryAfterMs ?? 0, MAX_RETRY_AFTER_MS),
  )
}
