import type { Retry } from './route.ts'

/**
 * Wait in ms before try `n + 1` of a target (n from 0), with full jitter: `random · min(maxMs, baseMs · 2^n)`. Callers that
 * failed together do not come back together.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param random in [0, 1)
 */
export function backoffMs(
  { baseMs, maxMs }: Pick<Retry, 'baseMs' | 'maxMs'>,
  n: number,
  random: number,
): number {
  return Math.floor(random * Math.min(maxMs, baseMs * 2 ** n))
}
