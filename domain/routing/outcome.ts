/** What a failed attempt means for the request. */
export type Outcome = 'answer' | 'next_target'

/**
 * Whether an upstream's status is an answer for the caller, or a reason to ask the next target. A fault of the caller
 * (a bad request) would fail everywhere; a fault of ours (a wrong key, a model that is gone) or of the upstream would not.
 */
export function outcomeOf(status: number): Outcome {
  // Nobody follows: a key is for one address.
  if (status >= 300 && status < 400) return 'next_target'
  if (status >= 500 || status === 429 || status === 408 || status === 425) return 'next_target'
  if (status === 401 || status === 402 || status === 403 || status === 404 || status === 410)
    return 'next_target'
  return 'answer'
}
