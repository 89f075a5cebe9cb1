import * as z from 'zod'
import type { Evaluator } from '../evaluator.ts'

const Params = z.strictObject({ maxUsd: z.number().nonnegative() })

/** 1 when the answer cost at most `maxUsd` US dollars, else 0: see LengthLimit for why there is nothing between. */
export const costLimit: Evaluator<z.infer<typeof Params>> = {
  name: 'CostLimit',
  version: '1',
  engine: 'rule',
  summary: 'The answer cost no more than it may.',
  inputs: ['costUsd'],
  params: Params,
  evaluate(input, { maxUsd }) {
    const costUsd: unknown = input?.costUsd
    if (typeof costUsd !== 'number' || !Number.isFinite(costUsd) || costUsd < 0)
      return { error: 'costUsd is not known: it comes with answers of endpoints that have prices' }
    return {
      score: costUsd <= maxUsd ? 1 : 0,
      reason: `Cost ${dollars(costUsd)}; the limit is ${dollars(maxUsd)}.`,
      evidence: { costUsd, maxUsd },
    }
  },
}

/** Up to six decimals: single answers cost thousandths of a cent. */
function dollars(amount: number): string {
  return `$${amount.toFixed(6).replace(/(\.\d\d\d*?)0+$/, '$1')}`
}
