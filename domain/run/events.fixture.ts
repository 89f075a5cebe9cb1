import * as fc from 'fast-check'
import type { RunEvent } from './event.ts'
import { LIVE_STAGE, type RunState } from './state.ts'

/** What somebody reports, before it is known how the run stands. */
export interface Report {
  kind: (typeof KINDS)[number]
  /** Which stage, of those there are. */
  pick: number
  /** How far the attempt is from the current one. */
  astray: number
  gate: string
  good: boolean
}

// What moves a run on stands more often, since pure noise never comes far.
const KINDS = [
  'next',
  'next',
  'next',
  'next',
  'next',
  'next',
  'next',
  'next',
  'stage.started',
  'stage.waiting',
  'stage.resumed',
  'stage.produced',
  'stage.attempt_failed',
  'stage.timed_out',
  'stage.heartbeat_missed',
  'stage.retry_due',
  'gate.evaluated',
  'approval.expired',
  'stage.committed',
  'stage.outdated',
  'stage.compensated',
  'run.started',
  'run.paused',
  'run.resumed',
  'run.signalled',
  'run.signalled',
  'run.timed_out',
  'run.cancel_requested',
] as const

export const reports: fc.Arbitrary<Report[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    pick: fc.nat(99),
    astray: fc.constantFrom(0, 0, 0, 0, 0, 0, -1, 1),
    gate: fc.constantFrom('g', 'h', 'approval', 'luck'),
    good: fc.constantFrom(true, true, true, false),
  }),
  { maxLength: 80, size: 'max' },
)

/** The event that a report comes to in a state. */
export function eventFor({ kind, pick, astray, gate, good }: Report, run: RunState): RunEvent {
  const names = Object.keys(run.stages)
  if (kind === 'next') return nextEvent(run, pick, good)
  const stage = names[pick % names.length]!
  const of = { stage, attempt: run.stages[stage]!.attempt + astray }
  switch (kind) {
    case 'stage.waiting':
      return { type: kind, ...of, waitingFor: 'x', ...(good ? {} : { queued: true }) }
    case 'stage.resumed':
    case 'stage.outdated':
      return { type: kind, ...of, cause: 'x' }
    case 'stage.produced':
      return produced(of, good)
    case 'stage.attempt_failed':
      return { type: kind, ...of, error: { code: 'x', message: 'x' }, retryable: good }
    case 'gate.evaluated':
      return verdict(of, gate, good)
    case 'stage.compensated':
      return { type: kind, ...of, detail: '' }
    case 'run.paused':
    case 'run.cancel_requested':
      return { type: kind, actor: 'x', reason: 'x' }
    case 'run.resumed':
      return { type: kind, actor: 'x' }
    case 'run.signalled':
      return { type: kind, signal: good ? 'go' : 'data', actor: 'x', payload: pick % 3 === 0 ? 0 : 1 }
    case 'run.started':
    case 'run.timed_out':
      return { type: kind }
    default:
      return { type: kind, ...of }
  }
}

/** Something that the run waits for. */
function nextEvent(run: RunState, pick: number, good: boolean): RunEvent {
  const awaited = Object.entries(run.stages).filter(
    ([, { status, attempt }]) => LIVE_STAGE.has(status) || (status === 'pending' && attempt > 0),
  )
  const [name, stage] = awaited[pick % awaited.length] ?? []
  if (name === undefined || !stage) {
    const last = run.effective.at(-1)
    if (run.paused) return { type: 'run.resumed', actor: 'x' }
    if (last === undefined || run.status !== 'rolling_back') return { type: 'run.started' }
    return { type: 'stage.compensated', stage: last, attempt: run.stages[last]!.attempt, detail: '' }
  }
  const of = { stage: name, attempt: stage.attempt }
  if (stage.status === 'pending') return { type: 'stage.retry_due', ...of }
  if (stage.status !== 'gating') return produced(of, good)
  if (stage.committing) return { type: 'stage.committed', ...of }
  const silent = run.plan[name]!.gates.filter((gate) => !stage.verdicts[gate])
  return verdict(of, stage.awaitsApproval ? 'approval' : silent[pick % silent.length]!, good || pick % 4 > 0)
}

const produced = (of: { stage: string; attempt: number }, good: boolean): RunEvent => ({
  type: 'stage.produced',
  ...of,
  outputs: { score: good ? 1 : 0 },
})

const verdict = (of: { stage: string; attempt: number }, gate: string, good: boolean): RunEvent => ({
  type: 'gate.evaluated',
  ...of,
  gate,
  verdict: good ? 'passed' : 'failed',
  blocks: !good,
  sentence: '',
})
