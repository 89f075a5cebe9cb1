import { countWords, isWhole } from './answer.ts'
import type { Check, Evidence } from './checks.ts'
import type { Scenario } from './scenarios.ts'

/**
 * `pass`: the caller got what it should, and all checks are clean. `partial`: it did, but an advisory check failed, or,
 * where an error is right, the refusal was routed around. `safe`: it did not, but got a clean error in time, and all
 * required checks are clean. `fail`: a call that hung, half an answer passed off as whole, or a required check that failed.
 */
export const VERDICTS = ['pass', 'partial', 'safe', 'fail'] as const
export type VerdictName = (typeof VERDICTS)[number]

export interface Verdict {
  verdict: VerdictName
  /** Why, in one sentence. */
  why: string
}

/** The same rules for every system; one that is a bare client is asked nothing that only a fallback could do. */
export function verdictOf(
  { ideal, checks }: Pick<Scenario, 'ideal' | 'checks'>,
  evidence: Evidence,
  hasFallback: boolean,
): Verdict {
  const { seen } = evidence
  if (seen.some(({ outcome }) => outcome === 'hung')) return { verdict: 'fail', why: 'the call hung' }
  const cut = seen.find(({ outcome, text }) => outcome === 'answered' && !isWhole(text))
  if (cut) return { verdict: 'fail', why: `${countWords(cut.text)} of 60 words passed off as the answer` }
  const asked = checks.filter(({ needsFallback }) => hasFallback || !needsFallback)
  const failed = asked.filter((check) => !check.advisory && !check.check(evidence).ok)
  if (failed.length > 0) return { verdict: 'fail', why: told(failed, evidence) }
  const errors = seen.filter(({ outcome }) => outcome === 'error')
  if (ideal === 'error')
    return errors.length === seen.length
      ? { verdict: 'pass', why: summary(evidence) }
      : { verdict: 'partial', why: 'routed around the refusal' }
  if (errors.length > 0) return { verdict: 'safe', why: summary(evidence) }
  const remarks = asked.filter((check) => check.advisory && !check.check(evidence).ok)
  if (remarks.length > 0) return { verdict: 'partial', why: told(remarks, evidence) }
  return { verdict: 'pass', why: seen.length === 1 ? summary(evidence) : found(asked, evidence) }
}

function told(checks: readonly Check[], evidence: Evidence): string {
  return checks.map(({ name, check }) => `wanted ${name}: ${check(evidence).found}`).join('; ')
}

function found(checks: readonly Check[], evidence: Evidence): string {
  return checks.map(({ name, check }) => `${name}: ${check(evidence).found}`).join('; ')
}

function summary({ seen, primary, fallback }: Evidence): string {
  const errors = seen.filter(({ outcome }) => outcome === 'error')
  const how =
    errors.length === 0 ? 'answered' : seen.length === 1 ? errors[0]!.error! : `${errors.length} errors`
  const slowest = Math.max(...seen.map(({ seconds }) => seconds)).toFixed(1)
  return `${how} in ${slowest} s with ${primary.length} + ${fallback.length} attempts`
}
