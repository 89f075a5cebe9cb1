import type { EvaluationPage, EvaluationSummary } from '../../api/evaluation-views.ts'
import { ONCE, useApi } from '../../api/use-api.ts'
import { Pending } from '../../components/pending.tsx'
import { moment } from '../../format/time.ts'
import { goTo } from '../../navigation/place.ts'
import { datasetName, targetText } from '../evaluations/target-text.ts'
import { comparisonHref } from './comparison-query.ts'

/** The newest so many are offered. */
const OFFERED = 200

interface OtherChoiceProps {
  evaluation: EvaluationSummary
  otherId: string | null
}

/** Which evaluation to hold this one against: finished ones of the same dataset, of whatever version. */
export function OtherChoice({ evaluation, otherId }: OtherChoiceProps) {
  const answered = useApi<EvaluationPage>(`/evaluations?limit=${OFFERED}`, ONCE)
  const { data } = answered
  if (!data) return <Pending of={answered} />
  const { evaluationId, source } = evaluation
  const others = data.evaluations.filter(
    (other) =>
      other.evaluationId !== evaluationId &&
      other.status === 'finished' &&
      datasetName(other.source) === datasetName(source),
  )
  // The one that the address names may be older than those that are offered.
  const isOffered = otherId === null || others.some((other) => other.evaluationId === otherId)
  if (others.length === 0 && otherId === null) return <NothingToCompare evaluation={evaluation} />
  return (
    <p class="about">
      <label for="other">Compare with</label>{' '}
      <select
        id="other"
        class="wide"
        value={otherId ?? ''}
        onChange={(event) =>
          event.currentTarget.value && goTo(comparisonHref(evaluationId, event.currentTarget.value))
        }
      >
        {otherId === null && <option value="">choose an evaluation…</option>}
        {!isOffered && <option value={otherId!}>{otherId}</option>}
        {others.map((other) => (
          <option key={other.evaluationId} value={other.evaluationId}>
            {optionText(other, evaluation)}
          </option>
        ))}
      </select>
    </p>
  )
}

function optionText(other: EvaluationSummary, { suiteVersion }: EvaluationSummary): string {
  const { evaluationId, target, createdAt } = other
  const suite = other.suiteVersion === suiteVersion ? 'same suite' : 'another suite'
  return `${targetText(target)} · ${moment(createdAt, Date.now())} · ${suite} · ${evaluationId}`
}

function NothingToCompare({ evaluation: { source } }: { evaluation: EvaluationSummary }) {
  return (
    <section class="card empty">
      <h2>Nothing to compare with</h2>
      <p>No other evaluation of the same dataset has finished. Evaluate another candidate on it:</p>
      <dl class="commands">
        <dt>With the same suite, so that all metrics are alike</dt>
        <dd>
          <code>{`sluice evaluations start --candidate route:NAME --dataset ${source} --suite suite:NAME@VERSION`}</code>
        </dd>
      </dl>
    </section>
  )
}
