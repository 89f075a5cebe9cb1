import type { CompiledGuardrail, GuardrailVerdict, Judged, Subject } from './guardrail.ts'

/**
 * Longest text that guardrails look at, all of a request or answer together: a second's work. Nothing can stop a rule that
 * runs, so that the size of what it reads is its limit.
 */
export const MAX_CHECKED_CHARS = 200_000

/** What guardrails made of a request or an answer. */
export interface Ruling<T> {
  /** Without what was redacted. */
  value: T
  /** Until one stopped it. */
  verdicts: GuardrailVerdict[]
  /** The verdict that stopped it. */
  stopped: GuardrailVerdict | undefined
}

/**
 * Holds a request or an answer against guardrails, in their order: what one redacts the next does not see any more. What
 * cannot be scored has not passed, and what cannot be redacted is refused.
 */
export function rule<T>(
  guardrails: readonly CompiledGuardrail[],
  given: T,
  {
    read,
    map,
    target,
  }: {
    read: (value: T) => Subject
    map: (value: T, redact: (text: string) => string) => T
    target?: string
  },
): Ruling<T> {
  let value = given
  const verdicts: GuardrailVerdict[] = []
  for (const { check, on, passAt, onFail, judge } of guardrails) {
    const { score, redact, note } = judged(judge, () => read(value))
    const passed = score !== null && score >= passAt
    const action = passed ? 'none' : onFail === 'redact' && (score === null || !redact) ? 'refuse' : onFail
    const verdict: GuardrailVerdict = {
      check,
      on,
      passed,
      score,
      action,
      ...(score === null ? { note: note ?? 'failed' } : {}),
      ...(target === undefined ? {} : { target }),
    }
    verdicts.push(verdict)
    if (action === 'redact') value = map(value, redact!)
    if (action === 'refuse' || action === 'next_target') return { value, verdicts, stopped: verdict }
  }
  return { value, verdicts, stopped: undefined }
}

type Noted = Omit<Judged, 'note'> & Pick<GuardrailVerdict, 'note'>

function judged(judge: CompiledGuardrail['judge'], read: () => Subject): Noted {
  try {
    const subject = read()
    if (subject.unreadable) return { score: null, note: 'unreadable' }
    if (subject.texts.reduce((sum, { length }) => sum + length, 0) > MAX_CHECKED_CHARS)
      return { score: null, note: 'too_long' }
    return judge(subject)
  } catch {
    return { score: null, note: 'failed' }
  }
}
