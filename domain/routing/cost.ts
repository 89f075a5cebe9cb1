import type { RouteTarget } from './route.ts'

export interface Usage {
  inputTokens: number | null
  outputTokens: number | null
}

/** What an answer costs in dollars; null where the price or the tokens are not known, which is not free. */
export function costUsd(price: RouteTarget['price'], { inputTokens, outputTokens }: Usage): number | null {
  if (!price || inputTokens === null || outputTokens === null) return null
  return (inputTokens * price.inputPerMTok + outputTokens * price.outputPerMTok) / 1_000_000
}
