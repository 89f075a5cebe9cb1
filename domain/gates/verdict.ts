import type { Json } from '../json.ts'

export const VERDICTS = ['passed', 'failed', 'inconclusive', 'waived', 'not_run'] as const
export type Verdict = (typeof VERDICTS)[number]

/** What one check of a gate found. */
export interface GateResult {
  verdict: Verdict
  /** A plain sentence that a person understands, with the numbers that decided. */
  sentence: string
  /** The numbers behind the sentence. */
  evidence: Record<string, Json>
}

/** What to do when the data can't tell. */
export const INCONCLUSIVE_POLICIES = ['block', 'pass'] as const
export type InconclusivePolicy = (typeof INCONCLUSIVE_POLICIES)[number]

/** A missing verdict never counts as passed; `inconclusive` blocks unless the gate's policy lets it pass. */
export function blocks(verdict: Verdict, onInconclusive: InconclusivePolicy): boolean {
  if (verdict === 'inconclusive') return onInconclusive === 'block'
  return verdict !== 'passed' && verdict !== 'waived'
}
