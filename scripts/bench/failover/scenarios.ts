import {
  advisory,
  aliveAfter,
  endedWithin,
  firstGap,
  noPrefillMasking,
  primaryAttempts,
  primaryAttemptsWithin,
  primaryUsedAgain,
  reportsFallbackModel,
  servedDuringOutage,
  usageReported,
  wholeAnswer,
  type Check,
} from './checks.ts'

export interface Scenario {
  id: string
  title: string
  /** The model that fails. Each scenario has a healthy model of its own behind it, so that attempts are told apart. */
  model: string
  /** What a caller should get in the end: the whole answer, unless a clean error is right. */
  ideal: 'answer' | 'error'
  /** When the caller gives up, and calls it hung. */
  maxSeconds: number
  checks: readonly Check[]
  /** Requests that are sent one by one, whatever became of the one before; one when absent. */
  sequence?: { count: number; everyMs: number }
}

/**
 * The sixteen scenarios of the public FailoverBench catalogue, methodology 0.1, after its wording: each fault, what is right,
 * and what is held against a system that does otherwise. The faults themselves are in faults.ts.
 * @see https://github.com/failoverbench/failoverbench
 */
export const SCENARIOS: readonly Scenario[] = [
  {
    id: 'S01',
    title: '429 with Retry-After',
    model: 's01-429-retry-after',
    ideal: 'answer',
    maxSeconds: 20,
    checks: [
      advisory(primaryAttempts({ min: 2 })),
      advisory(firstGap(1_800)),
      primaryAttemptsWithin(1_500, 2),
    ],
  },
  {
    id: 'S02',
    title: '429 without Retry-After, persistent',
    model: 's02-429-persistent',
    ideal: 'answer',
    maxSeconds: 40,
    checks: [primaryAttemptsWithin(3_000, 4), primaryAttempts({ max: 6 })],
  },
  {
    id: 'S03',
    title: '500 once, then healthy',
    model: 's03-500-once',
    ideal: 'answer',
    maxSeconds: 20,
    checks: [advisory(primaryAttempts({ min: 2 }))],
  },
  {
    id: 'S04',
    title: '503 persistent',
    model: 's04-503-persistent',
    ideal: 'answer',
    maxSeconds: 40,
    checks: [primaryAttempts({ max: 6 })],
  },
  {
    id: 'S05',
    title: 'Reset before headers',
    model: 's05-reset-once',
    ideal: 'answer',
    maxSeconds: 20,
    checks: [],
  },
  {
    id: 'S06',
    title: 'No response at all',
    model: 's06-silent',
    ideal: 'answer',
    maxSeconds: 130,
    checks: [endedWithin(100), advisory(primaryAttempts({ max: 1 }))],
  },
  {
    id: 'S07',
    title: 'Slow first token',
    model: 's07-slow-first-token',
    ideal: 'answer',
    maxSeconds: 60,
    checks: [{ ...advisory(endedWithin(15)), needsFallback: true }],
  },
  {
    id: 'S08',
    title: 'Stream cut mid-answer',
    model: 's08-cut',
    ideal: 'answer',
    maxSeconds: 40,
    checks: [],
  },
  {
    id: 'S09',
    title: 'Stream stalls',
    model: 's09-stall',
    ideal: 'answer',
    maxSeconds: 70,
    checks: [endedWithin(45), aliveAfter],
  },
  {
    id: 'S10',
    title: 'Malformed event in the stream',
    model: 's10-malformed-event',
    ideal: 'answer',
    maxSeconds: 30,
    checks: [aliveAfter, advisory(wholeAnswer)],
  },
  {
    id: 'S11',
    title: 'Stream ends without [DONE]',
    model: 's11-no-done',
    ideal: 'answer',
    maxSeconds: 30,
    checks: [endedWithin(8), advisory(usageReported)],
  },
  {
    id: 'S12',
    title: 'Context length exceeded',
    model: 's12-context-length',
    ideal: 'answer',
    maxSeconds: 20,
    checks: [primaryAttempts({ min: 1, max: 1 })],
  },
  {
    id: 'S13',
    title: 'Content policy refusal',
    model: 's13-content-policy',
    ideal: 'error',
    maxSeconds: 20,
    checks: [primaryAttempts({ min: 1, max: 1 })],
  },
  {
    id: 'S14',
    title: 'Fallback rejects a prefill',
    model: 's14-cut',
    ideal: 'answer',
    maxSeconds: 40,
    checks: [noPrefillMasking],
  },
  {
    id: 'S15',
    title: 'Outage of 60 s, then healthy',
    model: 's15-outage',
    ideal: 'answer',
    maxSeconds: 30,
    sequence: { count: 20, everyMs: 4_000 },
    checks: [servedDuringOutage, primaryUsedAgain(30_000)],
  },
  {
    id: 'S16',
    title: 'Accounting of a failover',
    model: 's16-503-persistent',
    ideal: 'answer',
    maxSeconds: 40,
    checks: [
      reportsFallbackModel,
      { ...advisory(usageReported), needsFallback: true },
      primaryAttempts({ max: 6 }),
    ],
  },
]

/** The healthy model behind the one that fails. */
export function fallbackModel({ id }: Pick<Scenario, 'id'>): string {
  return `healthy-${id.toLowerCase()}`
}
