import type { GateName } from '../../gates/registry.ts'
import type { StageKind } from '../../stages/contracts.ts'

/**
 * Which way a parameter is stricter. A parameter that is absent is at its loosest.
 * - `higher`, `lower`: a number. At `open`, if there is such a value, it lets everything through.
 * - `order`: one of these, loosest first.
 * - `more`, `fewer`: entries of a list.
 * - `present`: a group of parameters, which demands something by being there.
 * - `either`: each direction loosens something, and so does any change.
 * - `neutral`: it says what is looked at, not how strictly.
 */
export type Strictness =
  | { readonly stricter: 'higher' | 'lower'; readonly open?: number }
  | { readonly stricter: 'order'; readonly order: readonly (string | boolean)[] }
  | { readonly stricter: 'more' | 'fewer' | 'present' | 'either' | 'neutral' }

/** Strictness by the path of a parameter; `*` stands for any name. */
export type StrictnessTable = Readonly<Record<string, Strictness>>

const higher = { stricter: 'higher' } as const
const lower = { stricter: 'lower' } as const
const more = { stricter: 'more' } as const
const fewer = { stricter: 'fewer' } as const
const present = { stricter: 'present' } as const
const either = { stricter: 'either' } as const
const neutral = { stricter: 'neutral' } as const
/** Shares: of what is wrong, and of what is right. */
const mostShare = { stricter: 'lower', open: 1 } as const
const leastShare = { stricter: 'higher', open: 0 } as const
const order = (...values: (string | boolean)[]) => ({ stricter: 'order', order: values }) as const

const onInconclusive = order('pass', 'block')

/** Every parameter of every gate. */
export const STRICTNESS: Record<GateName, StrictnessTable> = {
  'data-quality': {
    minRows: higher,
    maxDuplicates: mostShare,
    maxMissing: mostShare,
    maxLabelShare: mostShare,
    minCohortRows: higher,
    onInconclusive,
  },
  'pii-residual': {
    maxFindings: lower,
    maxQuarantined: mostShare,
    minCanaryRecall: leastShare,
    onInconclusive,
  },
  freshness: { maxAgeDays: lower, allowOlderVersion: order(true, false), onInconclusive },
  coverage: { minEvaluators: higher, maxErrors: mostShare, onInconclusive },
  // Less alpha asks for more proof that the mean suffices, and for more proof that a cohort does not.
  threshold: {
    'metrics.*': present,
    'metrics.*.overall': leastShare,
    'metrics.*.cohort': leastShare,
    alpha: either,
    onInconclusive,
  },
  'no-regression': {
    metrics: more,
    // Whether a row passes says less than its score.
    compare: order('passes', 'scores'),
    margin: mostShare,
    cohortMargin: mostShare,
    suspiciousGain: mostShare,
    onSuspicious: order('note', 'inconclusive'),
    // Cohorts with fewer are not judged.
    minCohortRows: lower,
    alpha: either,
    seed: neutral,
    onInconclusive,
  },
  'single-change': { onInconclusive },
  'production-shaped': {
    route: neutral,
    windowDays: neutral,
    maxDivergence: mostShare,
    maxMissingShare: mostShare,
    minTraces: higher,
    // More of it stops more datasets.
    alpha: higher,
    onInconclusive,
  },
  'rollback-ready': { onInconclusive },
  approval: {
    question: neutral,
    deadlineHours: neutral,
    approvers: fewer,
    authorMayApprove: order(true, false),
  },
  canary: {
    route: neutral,
    windowMinutes: neutral,
    minTraces: higher,
    maxErrorIncrease: mostShare,
    'metrics.*': mostShare,
    cohortMargin: mostShare,
    // Cohorts with fewer are not judged.
    minCohortTraces: lower,
    alpha: either,
    onInconclusive,
  },
  online: {
    route: neutral,
    'metrics.*': present,
    'metrics.*.overall': leastShare,
    'metrics.*.cohort': leastShare,
    maxAgeHours: lower,
    minTraces: higher,
    alpha: either,
    onInconclusive,
  },
}

/** What a stage is told that decides how closely it looks; paths from the stage. */
export const STAGE_STRICTNESS: Partial<Record<StageKind, StrictnessTable>> = {
  monitor: {
    'with.sample': higher,
    'with.cohortFloor': higher,
    'with.margins.*': mostShare,
    // More of it flags more cohorts.
    'with.alpha': higher,
  },
  task: { 'map.maxFailures': lower },
}

export function strictnessOf(
  table: StrictnessTable | undefined,
  path: readonly string[],
): Strictness | undefined {
  for (const [pattern, strictness] of Object.entries(table ?? {})) {
    const parts = pattern.split('.')
    if (parts.length === path.length && parts.every((part, index) => part === '*' || part === path[index]))
      return strictness
  }
  return undefined
}
