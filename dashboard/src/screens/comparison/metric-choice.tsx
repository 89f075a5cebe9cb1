import { goTo } from '../../navigation/place.ts'
import { comparisonHref, type SharedMetric } from './comparison-query.ts'

interface MetricChoiceProps {
  evaluationId: string
  otherId: string
  shared: readonly SharedMetric[]
  /** None for all. */
  asked: readonly string[]
}

/** By which metrics the two are compared; those that another version scored are marked. */
export function MetricChoice({ evaluationId, otherId, shared, asked }: MetricChoiceProps) {
  const chosen = asked.length === 0 ? shared.map(({ metric }) => metric) : asked
  function toggle(metric: string) {
    const next = chosen.includes(metric) ? chosen.filter((each) => each !== metric) : [...chosen, metric]
    if (next.length > 0) goTo(comparisonHref(evaluationId, otherId, next))
  }
  return (
    <fieldset class="metric-choice">
      <legend>Compared by</legend>
      {shared.map(({ metric, own, its }) => (
        <label key={metric}>
          <input
            type="checkbox"
            checked={chosen.includes(metric)}
            disabled={chosen.length === 1 && chosen.includes(metric)}
            onChange={() => toggle(metric)}
          />{' '}
          {metric}
          {own !== its && (
            <small class="unsure">
              {' '}
              {own} here, {its} there
            </small>
          )}
        </label>
      ))}
    </fieldset>
  )
}
