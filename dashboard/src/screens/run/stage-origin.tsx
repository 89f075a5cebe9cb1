import type { StageView } from '../../api/views.ts'
import { Link } from '../../navigation/link.tsx'

/** Where a stage's work comes from when it was taken over, or why it was not done at all. */
export function StageOrigin({ stage: { cachedFrom, skipped } }: { stage: StageView }) {
  if (skipped !== null) return <span class="origin">Skipped: {skipped}.</span>
  if (!cachedFrom) return null
  const { runId, stage } = cachedFrom
  return (
    <span class="origin">
      Taken over from{' '}
      <Link href={`/runs/${runId}#stage-${stage}`}>
        {stage} of {runId}
      </Link>
      .
    </span>
  )
}
