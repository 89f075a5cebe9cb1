import type { GateResult } from './verdict.ts'

/** A look at one evaluation by a gate that may be looked at again with another. */
export interface GateAttempt {
  /** Attempts of one family spend one budget. */
  family: string
  /** What was looked at: looking at the same again is the same attempt. */
  evaluationId: string
  /** 1 for the first attempt since the family last passed. */
  ordinal: number
}

/**
 * The error that the kth attempt may spend: `alpha · 6/(π² k²)`. The series adds up to alpha, so that however often
 * somebody tries, and however the attempts depend on each other, the chance that one of them passes wrongly is at most
 * alpha (alpha-spending: Foster & Stine 2008, JRSS B 70:429; Tian & Ramdas 2021, Stat. Methods Med. Res. 30:976).
 */
export function alphaOfOrdinal(alpha: number, ordinal: number): number {
  return (alpha * 6) / (Math.PI ** 2 * ordinal ** 2)
}

/** The error that a gate may pass wrongly with: all of it where attempts are not counted. */
export function alphaOf(alpha: number, attempt: GateAttempt | undefined): number {
  return attempt ? alphaOfOrdinal(alpha, attempt.ordinal) : alpha
}

/** The error that attempts up to this one have spent. */
export function alphaSpent(alpha: number, ordinal: number): number {
  let spent = 0
  for (let past = 1; past <= ordinal; past++) spent += alphaOfOrdinal(alpha, past)
  return spent
}

/** Adds the attempt, and what it left of the budget, to what a gate found; from the second on the sentence says so. */
export function withAttempt(
  result: GateResult,
  alpha: number,
  attempt: GateAttempt | undefined,
  at = 'the same rows',
): GateResult {
  if (!attempt) return result
  const { ordinal } = attempt
  const judgedAt = alphaOf(alpha, attempt)
  const spent = alphaSpent(alpha, ordinal)
  const remark = `${ordinalWord(ordinal)} attempt on ${at}: judged at alpha ${judgedAt.toPrecision(2)}.`
  return {
    ...result,
    sentence: ordinal === 1 ? result.sentence : `${result.sentence} ${remark}`,
    evidence: { ...result.evidence, attempt: { ...attempt, alpha: judgedAt, spent, left: alpha - spent } },
  }
}

const WORDS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth', 'Ninth']
const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

function ordinalWord(ordinal: number): string {
  const suffix = SUFFIXES[new Intl.PluralRules('en', { type: 'ordinal' }).select(ordinal)] ?? 'th'
  return WORDS[ordinal - 1] ?? `${ordinal}${suffix}`
}
