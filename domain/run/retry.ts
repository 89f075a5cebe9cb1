/**
 * Longest wait in ms before the next attempt, after the given failed one (from 1): `base · 2^(attempt-1)`, capped. The
 * wait itself is drawn uniformly from zero up to it ("full jitter", Brooker 2015, AWS Architecture Blog).
 */
export function backoffMs(
  { backoffSeconds, maxBackoffSeconds }: { backoffSeconds: number; maxBackoffSeconds: number },
  attempt: number,
): number {
  return Math.min(backoffSeconds * 2 ** (attempt - 1), maxBackoffSeconds) * 1000
}
