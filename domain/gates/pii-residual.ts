import * as z from 'zod'
import { onInconclusive, percent, type Gate } from './gate.ts'

const Params = z.strictObject({
  /** Findings of the second detector that may remain, over all kinds that are not tolerated. */
  maxFindings: z.number().int().min(0).default(0),
  /**
   * Findings a row that are tolerated, by kind: for kinds that can only be guessed, such as names, which products and
   * places look like. It stands in the definition, so that raising it shows as a loosened gate.
   */
  tolerated: z.record(z.string(), z.number().min(0)).default({}),
  /** Least share of planted synthetic PII that the redactor must have found. */
  minCanaryRecall: z.number().min(0).max(1).default(0.95),
  onInconclusive,
})

export interface ResidualEvidence {
  rows: number
  redactor: string
  detector: string
  /** What the redactor replaced, by kind. */
  redacted: Record<string, number>
  /** What the other detector still sees, by kind. */
  residual: Record<string, number>
  canaries: { planted: number; found: number }
}

/** Nothing that a detector other than the redactor's takes for PII is left, and the redactor finds planted PII. */
export const piiResidual: Gate<z.infer<typeof Params>, ResidualEvidence> = {
  name: 'pii-residual',
  stages: ['clean'],
  params: Params,
  evaluate(params, evidence) {
    const strict = Object.entries(evidence.residual).filter(([kind]) => !(kind in params.tolerated))
    const residual = total(Object.fromEntries(strict))
    const excess = Object.entries(params.tolerated).flatMap(([kind, share]) => {
      const found = evidence.residual[kind] ?? 0
      return found > share * evidence.rows ? [`${found} findings of ${kind} are more than ${share} a row`] : []
    })
    const recall = evidence.canaries.found / Math.max(1, evidence.canaries.planted)
    const faults = [
      residual > params.maxFindings && `${residual} findings are left after redaction`,
      ...excess,
      recall < params.minCanaryRecall && `the redactor found only ${percent(recall)} of the planted PII`,
    ].filter((fault) => fault !== false)
    return {
      verdict: faults.length > 0 ? 'failed' : 'passed',
      sentence:
        faults.length > 0
          ? `${faults.join('; ')}.`
          : `${total(evidence.redacted)} pieces of PII were redacted in ${evidence.rows} rows; ${evidence.detector} found ${residual} more${guesses(evidence.residual, params.tolerated)}, and ${percent(recall)} of the planted PII was caught.`,
      evidence: { ...evidence },
    }
  },
}

/** Tolerated findings are named all the same. */
function guesses(residual: Record<string, number>, tolerated: Record<string, number>): string {
  const named = Object.keys(tolerated).flatMap((kind) => (residual[kind] ? [`${residual[kind]} possible ${kind}`] : []))
  return named.length === 0 ? '' : ` (and ${named.join(', ')}, which is tolerated)`
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
