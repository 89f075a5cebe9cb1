import * as z from 'zod'
import type { Json } from '../json.ts'
import type { StageKind } from '../stages/contracts.ts'
import { shareAbove } from '../statistics/proportion.ts'
import { INCONCLUSIVE_POLICIES, type GateResult } from './verdict.ts'

/** A check on a stage: pure, from parameters and the evidence that a loader brought. */
export interface Gate<Params, Evidence> {
  readonly name: string
  /** Kinds of stage that the gate may stand on. */
  readonly stages: readonly StageKind[] | 'any'
  readonly params: z.ZodType<Params>
  evaluate(params: Params, evidence: Evidence): GateResult
}

/** Every gate's parameters carry what to do when the data can't tell. */
export const onInconclusive = z.enum(INCONCLUSIVE_POLICIES).default('block')

/** What is wrong, or may be: `rowsNeeded` would tell (of `what`; rows when absent), null when no number would. */
export type Complaint = string | false | { unclear: string; rowsNeeded: number | null; what?: string }

/** Failed with every fault named, inconclusive with every doubt and the rows it takes, or passed with what was found. */
export function judge(
  complaints: readonly Complaint[],
  praise: string,
  evidence: GateResult['evidence'],
): GateResult {
  const faults = complaints.filter((complaint) => typeof complaint === 'string')
  if (faults.length > 0) return sound({ verdict: 'failed', sentence: `${faults.join('; ')}.`, evidence })
  const doubts = complaints.filter((complaint) => typeof complaint === 'object')
  if (doubts.length === 0) return sound({ verdict: 'passed', sentence: praise, evidence })
  const sentences = doubts.map(
    ({ unclear, rowsNeeded, what }) => `${unclear}: ${notEnough(rowsNeeded, what)}`,
  )
  const needed = doubts.map(({ rowsNeeded }) => rowsNeeded)
  const rowsNeeded = needed.includes(null) ? null : Math.max(...needed.map(Number))
  return sound({
    verdict: 'inconclusive',
    sentence: `${sentences.join('; ')}.`,
    evidence: { ...evidence, rowsNeeded },
  })
}

export function notEnough(rowsNeeded: number | null, what = 'rows'): string {
  return `not enough to tell${rowsNeeded === null ? '' : `, about ${rowsNeeded} ${what} would be`}`
}

/** Of calling a share too large that is not, where a gate does not say. */
const SHARE_ALPHA = 0.05

/** A fault when a share of rows is shown to exceed its limit, a doubt when it may be chance. */
export function excess(
  [count, n]: readonly [count: number, n: number],
  limit: number,
  say: (share: string) => string,
  { alpha = SHARE_ALPHA, what = 'rows' }: { alpha?: number; what?: string } = {},
): Complaint {
  const { outcome, rowsNeeded } = shareAbove(count, n, limit, alpha)
  if (outcome === 'within') return false
  const sentence = say(percent(count / n))
  return outcome === 'above' ? sentence : { unclear: sentence, rowsNeeded, what }
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
