import { moment } from '../gates/waiver.ts'
import { presentSince, type Applied } from './timeline.ts'

const DAY_MS = 86_400_000
/** A gate that none of so many runs came to is not run lately; nor is one that ran last so many days ago. */
export const IDLE_RUNS = 10
export const IDLE_DAYS = 14

export interface GateHistory {
  /** The newest runs that have ended, newest first; at most `IDLE_RUNS`. */
  endedRuns: readonly { runId: string; createdAt: number }[]
  /** The gates that were really run in those: a verdict `not_run` is none. */
  ran: readonly { runId: string; stage: string; gate: string }[]
  /** When each gate was really run last, if that was after `since`. */
  lastRan: readonly { stage: string; gate: string; at: number }[]
  since: number
}

export interface IdleGate {
  stage: string
  gate: string
  /** Runs that ended since the gate is there, of the newest `IDLE_RUNS`; none of them ran it if `isMissed`. */
  runs: number
  lastRanAt: number | null
  presentSince: number
  sentence: string
}

/** Gates of the current version that have not run lately. Stages that run only when a run fails owe nothing. */
export function idleGates(timeline: readonly Applied[], history: GateHistory, now: number): IdleGate[] {
  const { stages } = timeline.at(-1)!.definition
  const rollbacks = new Set(Object.values(stages).map(({ rollback }) => rollback))
  return Object.entries(stages).flatMap(([stage, { gates, onFailure }]) =>
    onFailure || rollbacks.has(stage)
      ? []
      : gates.flatMap(({ gate }) => idleGate(timeline, history, { stage, gate }, now) ?? []),
  )
}

function idleGate(
  timeline: readonly Applied[],
  { endedRuns, ran, lastRan, since }: GateHistory,
  of: { stage: string; gate: string },
  now: number,
): IdleGate | undefined {
  const isSame = (each: { stage: string; gate: string }) => each.stage === of.stage && each.gate === of.gate
  const there = presentSince(timeline, of.stage, of.gate)
  const owing = endedRuns.filter(({ createdAt }) => createdAt >= there)
  const inRuns = new Set(ran.filter(isSame).map(({ runId }) => runId))
  const isMissed = owing.length > 0 && !owing.some(({ runId }) => inRuns.has(runId))
  const lastRanAt = lastRan.find(isSame)?.at ?? null
  const isOld = (lastRanAt ?? Math.max(there, since)) < now - IDLE_DAYS * DAY_MS
  if (!isMissed && !isOld) return undefined
  const missed = isMissed
    ? `in the last ${owing.length === 1 ? 'run' : `${owing.length} runs`}`
    : `for ${IDLE_DAYS} days`
  const never = there >= since ? `never since it is there, ${moment(there)}` : `not since ${moment(since)}`
  const last = lastRanAt === null ? never : `last on ${moment(lastRanAt)}`
  return {
    ...of,
    runs: owing.length,
    lastRanAt,
    presentSince: there,
    sentence: `The gate ${of.gate} of ${of.stage} has not run ${missed}; ${last}.`,
  }
}
