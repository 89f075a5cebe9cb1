import * as z from 'zod'
import type { Evaluator } from '../evaluator.ts'

const Params = z.strictObject({ maxMs: z.number().positive() })

/** 1 when the answer took at most `maxMs` milliseconds, else 0: see LengthLimit for why there is nothing between. */
export const latencyLimit: Evaluator<z.infer<typeof Params>> = {
  name: 'LatencyLimit',
  version: '1',
  engine: 'rule',
  summary: 'The answer came in time.',
  inputs: ['latencyMs'],
  params: Params,
  evaluate(input, { maxMs }) {
    const latencyMs: unknown = input?.latencyMs
    if (typeof latencyMs !== 'number' || !Number.isFinite(latencyMs) || latencyMs < 0)
      return { error: 'latencyMs is not known: it comes with answers that Sluice asks for, and with traces' }
    return {
      score: latencyMs <= maxMs ? 1 : 0,
      reason: `Took ${Math.round(latencyMs)} ms; the limit is ${maxMs} ms.`,
      evidence: { latencyMs, maxMs },
    }
  },
}
