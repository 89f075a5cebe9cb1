import { moment } from '../gates/waiver.ts'
import { shortRef } from '../ref.ts'
import { stepsOf, type ScoreAt, type Step } from './step.ts'

export type ChangeKind = 'prompt' | 'model' | 'retriever' | 'tools' | 'route'

/** Something that traffic has been served with from a point in time on. */
export interface Change {
  kind: ChangeKind
  /** What it changed to. */
  ref: string
  /** When traffic first met it, in milliseconds since the epoch: for a canary, its first step. */
  at: number
  /** Cohorts that it reaches; absent when all. */
  cohorts?: readonly string[]
}

/** The cohort that was flagged, and since when it is known to be bad. */
export interface DeclinedCohort {
  cohort: string
  /** End of the window of the last sweep in which it was good; null if it never was since the promotion. */
  lastGood: number | null
  /** End of the window of the sweep that flagged it. */
  seenAt: number
  /** Its scores around that time, one a trace: of the sweeps before and after. None is no harm, and no help. */
  scores: readonly ScoreAt[]
}

/** Changes that scores cannot tell apart: made at once, or without a scored trace between them. */
export interface Cause {
  /** Latest first. */
  changes: Change[]
  /** 0 to 1; with that of no known change they add up to 1. */
  probability: number
  /** Means of the scores before and from the change on; null where there are none on one side. */
  before: number | null
  after: number | null
}

export interface Attribution {
  /** Most likely first. */
  causes: Cause[]
  /** Of a cause that is not among the changes: a provider's own, or the traffic's. */
  unknown: number
  sentence: string
}

/** Of a cause that nobody recorded, before the scores are seen: a judgement, as there is no count of such. */
const PRIOR_UNKNOWN = 0.2

/**
 * The changes most likely behind a decline: of those that reached the cohort after it was last good and before it was
 * flagged, by how well a fall of its scores at the time of each explains them (posterior probability; every change as
 * likely as the next before scores are seen). That the cause is none of them is held against the mean likelihood of a fall at
 * any time, so that a decline which began before a change is not blamed on it. Without scores on both sides all
 * changes are alike, and the latest comes first.
 *
 * It orders suspects, and proves nothing: what else happened at the same time has the same probability.
 */
export function attributeDecline(decline: DeclinedCohort, changes: readonly Change[]): Attribution {
  const scores = decline.scores.toSorted((a, b) => a.at - b.at)
  const steps = stepsOf(scores)
  const groups = [...groupByStep(suspects(decline, changes), scores, steps)]
  const known = groups.reduce((sum, [, group]) => sum + group.length, 0)
  if (known === 0) return { causes: [], unknown: 1, sentence: sentenceOf(decline, [], 1) }
  const highest = steps.reduce((most, { logLikelihood }) => Math.max(most, logLikelihood), 0)
  const likelihood = (step: Step) => Math.exp(step.logLikelihood - highest)
  const anywhere = steps.reduce((sum, step) => sum + likelihood(step), 0) / steps.length
  const weights = groups.map(
    ([step, group]) => (((1 - PRIOR_UNKNOWN) * group.length) / known) * likelihood(step),
  )
  const total = PRIOR_UNKNOWN * anywhere + weights.reduce((sum, weight) => sum + weight, 0)
  const causes = groups
    .map(([step, group], index): Cause => ({
      changes: group.toSorted((a, b) => b.at - a.at || a.ref.localeCompare(b.ref)),
      probability: weights[index]! / total,
      before: step.before === 0 ? null : step.meanBefore,
      after: step.before === scores.length ? null : step.meanAfter,
    }))
    .toSorted((a, b) => b.probability - a.probability || b.changes[0]!.at - a.changes[0]!.at)
  const unknown = (PRIOR_UNKNOWN * anywhere) / total
  return { causes, unknown, sentence: sentenceOf(decline, causes, unknown) }
}

function suspects({ cohort, lastGood, seenAt }: DeclinedCohort, changes: readonly Change[]): Change[] {
  return changes.filter(
    ({ at, cohorts }) =>
      at <= seenAt && (lastGood === null || at > lastGood) && (cohorts?.includes(cohort) ?? true),
  )
}

/** Changes by the step in the scores that each would make; without scores, by their time. */
function groupByStep(
  changes: readonly Change[],
  scores: readonly ScoreAt[],
  steps: readonly Step[],
): Map<Step, Change[]> {
  const groups = new Map<Step, Change[]>()
  const byTime = new Map<number, Step>()
  for (const change of changes) {
    const before = scores.filter(({ at }) => at < change.at).length
    // A step with scores on one side only is as likely as any other such: nothing but time tells those apart.
    const isOutside = before === 0 || before === scores.length
    const step = isOutside ? (byTime.get(change.at) ?? { ...steps[before]! }) : steps[before]!
    if (isOutside) byTime.set(change.at, step)
    groups.set(step, [...(groups.get(step) ?? []), change])
  }
  return groups
}

function sentenceOf({ cohort }: DeclinedCohort, causes: readonly Cause[], unknown: number): string {
  const [first] = causes
  if (!first) return `Nothing that is recorded changed since \`${cohort}\` was last good.`
  const named = first.changes.map(({ kind, ref }) => `the ${kind} (${shortRef(ref)})`).join(' and ')
  const together = first.changes.length > 1 ? ', which scores cannot tell apart' : ''
  const means =
    first.before === null || first.after === null
      ? ''
      : `: the mean of \`${cohort}\` was ${first.before.toFixed(3)} before and is ${first.after.toFixed(3)} since`
  const change = `the change of ${named} at ${moment(first.changes[0]!.at)}${together}${means}.`
  const sure = (probability: number) => `Most likely (${Math.round(probability * 100)}%)`
  return unknown > first.probability
    ? `${sure(unknown)} nothing that is recorded; of what is, ${change}`
    : `${sure(first.probability)} ${change}`
}
