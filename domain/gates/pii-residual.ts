import * as z from 'zod'
import { excess, judge, onInconclusive, percent, type Complaint, type Gate } from './gate.ts'

const Params = z.strictObject({
  /** Findings of the second detector that may remain in the rows that go on. */
  maxFindings: z.number().int().min(0).default(0),
  /** Largest share of rows that may be set aside because the second detector found something in them. */
  maxQuarantined: z.number().min(0).max(1).default(0.1),
  /** Least share of planted synthetic PII that the redactor must have found. */
  minCanaryRecall: z.number().min(0).max(1).default(0.95),
  onInconclusive,
})

export interface ResidualEvidence {
  /** Rows that go on. */
  rows: number
  redactor: string
  detector: string
  /** What the redactor replaced, by kind. */
  redacted: Record<string, number>
  /** What the other detector still sees in the rows that go on, by kind. */
  residual: Record<string, number>
  /** Rows that were set aside, and what was seen in them, by kind. */
  quarantined: { rows: number; findings: Record<string, number> }
  canaries: { planted: number; found: number }
}

/**
 * Nothing that a detector other than the redactor's takes for PII is left in the rows that go on, few rows had to be
 * set aside for it, and the redactor finds planted PII.
 */
export const piiResidual: Gate<z.infer<typeof Params>, ResidualEvidence> = {
  name: 'pii-residual',
  stages: ['clean'],
  params: Params,
  evaluate(params, evidence) {
    const { rows, quarantined, canaries } = evidence
    const residual = total(evidence.residual)
    const recall = canaries.found / Math.max(1, canaries.planted)
    const complaints = [
      residual > params.maxFindings && `${residual} findings are left after redaction`,
      excess(
        [quarantined.rows, rows + quarantined.rows],
        params.maxQuarantined,
        (share) => `${share} of the rows had to be set aside; ${percent(params.maxQuarantined)} may be`,
      ),
      missedCanaries(canaries, params.minCanaryRecall),
    ]
    return judge(
      complaints,
      `${total(evidence.redacted)} pieces of PII were redacted; ${quarantined.rows} rows in which ${evidence.detector} still saw some were set aside, and it sees ${residual} in the ${rows} that go on. ${percent(recall)} of the planted PII was caught.`,
      { ...evidence },
    )
  },
}

/** Of calling a redactor too bad that is not, and of calling one good that misses more than it may. */
const CANARY_ALPHA = 0.05

function missedCanaries({ planted, found }: ResidualEvidence['canaries'], minRecall: number): Complaint {
  // Fewer plants could all be found by a redactor that is not good enough.
  const plantsNeeded = minRecall === 1 ? 1 : Math.ceil(Math.log(CANARY_ALPHA) / Math.log(minRecall))
  if (planted < plantsNeeded)
    return { unclear: `${planted} pieces of PII were planted`, rowsNeeded: plantsNeeded, what: 'pieces' }
  const say = () => `the redactor found only ${percent(found / planted)} of the planted PII`
  return excess([planted - found, planted], 1 - minRecall, say, { alpha: CANARY_ALPHA, what: 'pieces' })
}

function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
