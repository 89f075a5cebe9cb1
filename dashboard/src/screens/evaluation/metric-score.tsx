import type { Evaluated } from '../../api/evaluation-views.ts'
import { KeyValues } from '../../components/key-values.tsx'
import { claimsOf } from './claims.ts'
import { ClaimList } from './claim-list.tsx'
import { ScoreChip } from './score-chip.tsx'

interface MetricScoreProps {
  metric: string
  result: Evaluated
  passAt: number | undefined
}

/** One score in full: the reason, and the numbers and texts behind it; sentence by sentence where it judged those. */
export function MetricScore({ metric, result, passAt }: MetricScoreProps) {
  const { claims, rest } = 'error' in result ? { claims: [], rest: {} } : claimsOf(result.evidence ?? {})
  const isClaimBased = claims.length > 0
  return (
    <article class="metric-score" aria-label={`Score of ${metric}`}>
      <p>
        <ScoreChip metric={metric} result={result} passAt={passAt} />
        {'score' in result && result.label !== undefined && <small> {result.label}</small>}
        {'score' in result && result.weak && <small> weak: there was nothing to compare with</small>}
      </p>
      <p>{'error' in result ? result.error : result.reason}</p>
      {isClaimBased && <ClaimList claims={claims} />}
      {Object.keys(rest).length > 0 && (
        <details>
          <summary>Evidence</summary>
          <KeyValues value={rest} />
        </details>
      )}
    </article>
  )
}
