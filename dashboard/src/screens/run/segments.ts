import { APPROVAL_GATE, TERMINAL_STAGE, type StageStatus } from '../../../../domain/run/state.ts'
import type { LogEntry, RunView, StageView } from '../../api/views.ts'

/** `queued`: all that it needs is there, and it has not had its turn; `retrying`: an attempt failed, the next is to come. */
export type Phase = 'queued' | 'running' | 'waiting' | 'gating' | 'retrying'

/** A stretch of a stage's time; `from` and `to` in ms since the epoch. */
export interface Segment {
  phase: Phase
  from: number
  to: number
}

const PHASE_AFTER: Partial<Record<LogEntry['event']['type'], Phase>> = {
  'stage.started': 'running',
  'stage.waiting': 'waiting',
  'stage.resumed': 'running',
  'stage.attempt_failed': 'retrying',
  'stage.timed_out': 'retrying',
  'stage.heartbeat_missed': 'retrying',
  'stage.outdated': 'retrying',
  'stage.retry_due': 'queued',
}

/** The phase that an event begins. A stage waits for a person once all its other gates have judged it. */
function phases({ gates }: StageView): (event: LogEntry['event']) => Phase | undefined {
  const names = gates.map(({ gate }) => gate)
  const hasApproval = names.includes(APPROVAL_GATE)
  let open = new Set<string>()
  const judging = () => (hasApproval && open.size === 0 ? 'waiting' : 'gating')
  return (event) => {
    if (event.type === 'stage.produced') {
      open = new Set(names.filter((name) => name !== APPROVAL_GATE))
      return judging()
    }
    if (event.type === 'stage.waiting' && event.queued) return 'queued'
    if (event.type !== 'gate.evaluated') return PHASE_AFTER[event.type]
    open.delete(event.gate)
    return event.gate === APPROVAL_GATE ? 'gating' : judging()
  }
}

/** How a stage spent its time, from the events that were not ignored. Nothing for a stage that never could start. */
export function segmentsOf(
  stage: StageView,
  run: RunView,
  events: readonly LogEntry[],
  now: number,
): Segment[] {
  const ready = readyAt(stage, run)
  if (ready === null) return []
  const isOver = TERMINAL_STAGE.has(stage.status as StageStatus)
  const end = isOver ? (stage.finishedAt ?? now) : now
  const segments: Segment[] = []
  let [phase, from]: [Phase, number] = ['queued', ready]
  const close = (to: number) => {
    if (to > from) segments.push({ phase, from, to })
  }
  const phaseAfter = phases(stage)
  for (const { event, at, ignored } of events) {
    if (ignored !== null || !('stage' in event) || event.stage !== stage.stage || at > end) continue
    const next = phaseAfter(event)
    if (next === undefined || next === phase) continue
    close(at)
    ;[phase, from] = [next, at]
  }
  close(end)
  return segments
}

/** When all that the stage needs was there; null when it is not, or the stage is not to start. */
function readyAt({ needs, skipped }: StageView, run: RunView): number | null {
  if (skipped !== null) return null
  const producers = run.stages.filter(({ stage }) => needs.includes(stage))
  if (producers.some(({ status }) => status !== 'passed' && status !== 'cached')) return null
  return Math.max(run.createdAt, ...producers.map(({ finishedAt }) => finishedAt ?? run.createdAt))
}

/** Sum of the phases, in ms. */
export function timeIn(segments: readonly Segment[], phases: readonly Phase[]): number {
  return segments
    .filter(({ phase }) => phases.includes(phase))
    .reduce((sum, { from, to }) => sum + to - from, 0)
}
