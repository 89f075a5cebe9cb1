import type { Comparison, ScoredEvaluation } from '../../api/evaluation-views.ts'
import { ONCE, useApi } from '../../api/use-api.ts'
import { Icon } from '../../components/icon.tsx'
import { Pending } from '../../components/pending.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { counted } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { setQuery } from '../../navigation/place.ts'
import { targetText } from '../evaluations/target-text.ts'
import { ForestPlot } from '../run/forest-plot.tsx'
import { CannotCompare } from './cannot-compare.tsx'
import { Changes } from './changes.tsx'
import { comparisonForest } from './comparison-forest.ts'
import { askedMetrics, comparisonPath, sharedMetrics } from './comparison-query.ts'
import { MetricChoice } from './metric-choice.tsx'
import { MetricLines } from './metric-lines.tsx'
import { OtherChoice } from './other-choice.tsx'
import { verdictOf } from './verdict.ts'

interface ComparisonScreenProps {
  evaluationId: string
  otherId: string | null
  query: URLSearchParams
}

/** An evaluation against another one on the rows that both have: by metric, by cohort, and row by row. */
export function ComparisonScreen({ evaluationId, otherId, query }: ComparisonScreenProps) {
  const own = useApi<ScoredEvaluation>(`/evaluations/${encodeURIComponent(evaluationId)}`, ONCE)
  const other = useApi<ScoredEvaluation>(
    otherId === null ? null : `/evaluations/${encodeURIComponent(otherId)}`,
    ONCE,
  )
  return (
    <>
      <p class="crumbs">
        <Link href="/evaluations">Evaluations</Link> ·{' '}
        <Link href={`/evaluations/${evaluationId}`}>{evaluationId}</Link>
      </p>
      <h1>Comparison</h1>
      <Pending of={own} />
      {own.data && <OtherChoice evaluation={own.data} otherId={otherId} />}
      {otherId !== null && own.data && <Pending of={other} />}
      {own.data && other.data && <Compared evaluation={own.data} other={other.data} query={query} />}
    </>
  )
}

interface ComparedProps {
  evaluation: ScoredEvaluation
  other: ScoredEvaluation
  query: URLSearchParams
}

function Compared({ evaluation, other, query }: ComparedProps) {
  const [evaluationId, otherId] = [evaluation.evaluationId, other.evaluationId]
  const asked = askedMetrics(query)
  const answered = useApi<Comparison>(comparisonPath(evaluationId, otherId, asked), ONCE)
  const { shared, unshared } = sharedMetrics(evaluation.metrics, other.metrics)
  const { data, problem } = answered
  const isRefused = problem?.code === 'evaluation.other'
  return (
    <>
      <dl class="facts">
        <SideFact name="This" evaluation={evaluation} />
        <SideFact name="Other" evaluation={other} />
      </dl>
      {isRefused ? (
        <CannotCompare
          problem={problem}
          evaluationId={evaluationId}
          otherId={otherId}
          shared={shared}
          asked={asked}
        />
      ) : (
        <Pending of={answered} />
      )}
      {(isRefused || asked.length > 0) && shared.length > 0 && (
        <MetricChoice evaluationId={evaluationId} otherId={otherId} shared={shared} asked={asked} />
      )}
      {unshared.length > 0 && <p class="quiet">Only one of them has {unshared.join(', ')}: left out.</p>}
      {data && <Found comparison={data} evaluation={evaluation} other={other} query={query} />}
    </>
  )
}

function Found({ comparison, evaluation, other, query }: ComparedProps & { comparison: Comparison }) {
  const { lines, changes, rows, copyRate } = comparison
  const { shape, tone, sentence } = verdictOf(lines)
  const cohorts = comparisonForest(lines, 'cohort')
  return (
    <>
      <p class="comparison-verdict">
        <span class={`mark ${tone}`}>
          <Icon shape={shape} />
        </span>{' '}
        {sentence} <span class="quiet">On {counted(rows, 'row')} that both have.</span>
      </p>
      {copyRate?.sentence && (
        <div class="notice unsure">
          <Icon shape="question" />
          <div>
            <strong>One of them copies more</strong>
            <p>{copyRate.sentence}</p>
          </div>
        </div>
      )}
      <section aria-labelledby="by-metric">
        <h2 id="by-metric">By metric</h2>
        <MetricLines lines={lines} evaluation={evaluation} other={other} />
      </section>
      <section aria-labelledby="by-cohort">
        <h2 id="by-cohort">By cohort, worst first</h2>
        {cohorts.lines.length === 0 ? (
          <p class="quiet">No cohort has rows of both.</p>
        ) : (
          <div class="card">
            <ForestPlot
              forest={cohorts}
              against="the other"
              showsAll={query.get('cohorts') === 'all'}
              onAll={(all) => setQuery({ cohorts: all ? 'all' : null })}
            />
          </div>
        )}
      </section>
      <section aria-labelledby="changes">
        <h2 id="changes">Row by row</h2>
        <Changes
          changes={changes}
          evaluationId={evaluation.evaluationId}
          otherId={other.evaluationId}
          query={query}
        />
      </section>
    </>
  )
}

function SideFact({ name, evaluation }: { name: string; evaluation: ScoredEvaluation }) {
  const { evaluationId, target, source, suiteVersion } = evaluation
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <Link href={`/evaluations/${evaluationId}`}>{targetText(target)}</Link> on <RefText value={source} />,
        suite <RefText value={suiteVersion} />
        <span class="id block">{evaluationId}</span>
      </dd>
    </div>
  )
}
