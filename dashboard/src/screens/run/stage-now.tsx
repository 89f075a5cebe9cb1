import type { StageView } from '../../api/views.ts'
import { LinkedText } from '../../components/linked-text.tsx'
import { percent } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { StageOrigin } from './stage-origin.tsx'

const OVER = new Set(['passed', 'failed', 'cached', 'skipped', 'cancelled'])

/** What a stage that is not done is doing or waits for, and why one that is done did nothing. */
export function StageNow({ stage }: { stage: StageView }) {
  const { waitingFor, progress, status, error, cachedFrom, skipped, attempt } = stage
  if (OVER.has(status)) {
    return cachedFrom || skipped !== null ? (
      <span class="now">
        <StageOrigin stage={stage} />
      </span>
    ) : null
  }
  if (waitingFor === null && !progress && !error) return null
  return (
    <span class="now">
      {waitingFor !== null && <WaitsFor stage={stage} />}
      {error && <span>The attempt before failed: {error.message}.</span>}
      {status === 'pending' && attempt > 0 && <span>It is tried again.</span>}
      {progress && (
        <span class="progress">
          <progress value={progress.progress} max={1} aria-label={progress.message} />{' '}
          {percent(progress.progress)} {progress.message}
        </span>
      )}
    </span>
  )
}

function WaitsFor({ stage: { waitingFor, status } }: { stage: StageView }) {
  // Of all that stages wait for, only a person comes while one is at its gates.
  if (status === 'gating') {
    return (
      <span>
        Waits for {waitingFor}: <Link href="/inbox">to the inbox</Link>.
      </span>
    )
  }
  return (
    <span>
      Waits for <LinkedText text={waitingFor!} />.
    </span>
  )
}
