import * as z from 'zod'
import type { Json } from '../json.ts'
import type { StageKind } from '../stages/contracts.ts'
import { INCONCLUSIVE_POLICIES, type GateResult } from './verdict.ts'

/** A check on a stage: pure, from parameters and the evidence that a loader brought. */
export interface Gate<Params, Evidence> {
  readonly name: string
  /** Kinds of stage that the gate may stand on. */
  readonly stages: readonly StageKind[]
  readonly params: z.ZodType<Params>
  evaluate(params: Params, evidence: Evidence): GateResult
}

/** Every gate's parameters carry what to do when the data can't tell. */
export const onInconclusive = z.enum(INCONCLUSIVE_POLICIES).default('block')

/** Failed with every fault named, or passed with what was found. */
export function judge(
  faults: readonly (string | false)[],
  praise: string,
  evidence: GateResult['evidence'],
): GateResult {
  const found = faults.filter((fault) => fault !== false)
  return sound(
    found.length > 0
      ? { verdict: 'failed', sentence: `${found.join('; ')}.`, evidence }
      : { verdict: 'passed', sentence: praise, evidence },
  )
}

/**
 * A result whose numbers are numbers. NaN is neither above nor below a limit, so a gate that came to one has judged
 * nothing; nor is it JSON, which evidence is kept as.
 */
export function sound(result: GateResult): GateResult {
  const places = notNumbers(result.evidence)
  if (places.length === 0) return result
  return {
    verdict: 'not_run',
    sentence: `What the gate looks at is not a number: ${places.join(', ')}.`,
    evidence: { notNumbers: places },
  }
}

function notNumbers(value: Json, place = ''): string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [place]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    notNumbers(inner, place === '' ? key : `${place}.${key}`),
  )
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`
}

export function points(difference: number): string {
  return `${difference >= 0 ? '+' : '−'}${Math.abs(difference * 100).toFixed(1)} points`
}
