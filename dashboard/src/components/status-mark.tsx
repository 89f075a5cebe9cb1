import type { Verdict } from '../../../domain/gates/verdict.ts'
import type { ApprovalState } from '../../../domain/approvals/decision.ts'
import type { WaiverState } from '../../../domain/gates/waiver.ts'
import type { EvaluationStatus } from '../../../domain/evaluation/status.ts'
import type { RunStatus, StageStatus } from '../../../domain/run/state.ts'
import { Icon, type Shape } from './icon.tsx'

type Tone = 'good' | 'bad' | 'unsure' | 'live' | 'quiet'
type Mark = { shape: Shape; tone: Tone; word: string }

const MARKS: Record<
  RunStatus | StageStatus | Verdict | ApprovalState | WaiverState | EvaluationStatus,
  Mark
> = {
  queued: { shape: 'ring', tone: 'quiet', word: 'queued' },
  running: { shape: 'half', tone: 'live', word: 'running' },
  waiting: { shape: 'pause', tone: 'live', word: 'waiting' },
  paused: { shape: 'pause', tone: 'unsure', word: 'paused' },
  finished: { shape: 'check', tone: 'good', word: 'finished' },
  succeeded: { shape: 'check', tone: 'good', word: 'succeeded' },
  failed: { shape: 'cross', tone: 'bad', word: 'failed' },
  cancelled: { shape: 'slash', tone: 'quiet', word: 'cancelled' },
  rolling_back: { shape: 'back', tone: 'unsure', word: 'rolling back' },
  rolled_back: { shape: 'back', tone: 'bad', word: 'rolled back' },
  pending: { shape: 'ring', tone: 'quiet', word: 'pending' },
  ready: { shape: 'ring', tone: 'live', word: 'ready' },
  gating: { shape: 'diamond', tone: 'live', word: 'at its gates' },
  passed: { shape: 'check', tone: 'good', word: 'passed' },
  cached: { shape: 'double', tone: 'good', word: 'cached' },
  skipped: { shape: 'slash', tone: 'quiet', word: 'skipped' },
  inconclusive: { shape: 'question', tone: 'unsure', word: 'inconclusive' },
  waived: { shape: 'flag', tone: 'unsure', word: 'waived' },
  open: { shape: 'ring', tone: 'live', word: 'open' },
  granted: { shape: 'check', tone: 'good', word: 'granted' },
  denied: { shape: 'cross', tone: 'bad', word: 'denied' },
  expired: { shape: 'dashed', tone: 'quiet', word: 'expired' },
  withdrawn: { shape: 'slash', tone: 'quiet', word: 'withdrawn' },
  revoked: { shape: 'slash', tone: 'quiet', word: 'revoked' },
  not_run: { shape: 'dashed', tone: 'quiet', word: 'not run' },
}

/** Status of a run or stage, verdict of a gate, state of an approval or waiver: a shape and the word. */
export function StatusMark({ status }: { status: string }) {
  const known: Mark | undefined = (MARKS as Record<string, Mark>)[status]
  const { shape, tone, word } = known ?? { shape: 'ring', tone: 'quiet', word: status }
  return (
    <span class={`mark ${tone}`}>
      <Icon shape={shape} /> {word}
    </span>
  )
}
