/** Longest wait between two attempts, in seconds. */
const MAX_BACKOFF_SECONDS = 3600

/** Exponential backoff: `base · 2^(attempt-1)` seconds after the given failed attempt (from 1). */
export function retryDelaySeconds(baseSeconds: number, attempt: number): number {
  return Math.min(baseSeconds * 2 ** (attempt - 1), MAX_BACKOFF_SECONDS)
}
