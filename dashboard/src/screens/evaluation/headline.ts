import type { ScoredEvaluation } from '../../api/evaluation-views.ts'
import { count, counted, dollars } from '../../format/number.ts'
import { duration } from '../../format/time.ts'

/** What an evaluation came to, or has come to so far, in one sentence. */
export function headline(evaluation: ScoredEvaluation, now: number): string {
  const { rows, errors, reused, costUsd, estimatedCostUsd, createdAt, finishedAt, metrics } = evaluation
  const time = duration((finishedAt ?? now) - createdAt)
  const parts = [
    `${counted(rows, 'row')} scored${by(metrics.length)}${finishedAt === null ? ' so far,' : ''} in ${time}`,
    errors === 0 ? 'no score failed' : `${counted(errors, 'score')} could not be given`,
    ...(reused === 0 ? [] : [`${count(reused)} answers taken over from earlier evaluations`]),
    `cost ${dollars(costUsd)}${estimate(costUsd, estimatedCostUsd)}`,
  ]
  return `${parts.join('; ')}.`
}

/** Scores come a little later than the count of rows. */
function by(metrics: number): string {
  return metrics === 0 ? '' : ` by ${counted(metrics, 'metric')}`
}

function estimate(costUsd: number, estimatedCostUsd: number | null): string {
  if (estimatedCostUsd === null) return ', not estimated before'
  return estimatedCostUsd === costUsd ? '' : ` of an estimated ${dollars(estimatedCostUsd)}`
}
