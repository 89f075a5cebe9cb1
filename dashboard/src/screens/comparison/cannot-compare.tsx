import type { Problem } from '../../api/problem.ts'
import { Icon } from '../../components/icon.tsx'
import { Link } from '../../navigation/link.tsx'
import { comparisonHref, type SharedMetric } from './comparison-query.ts'

interface CannotCompareProps {
  problem: Problem
  evaluationId: string
  otherId: string
  shared: readonly SharedMetric[]
  asked: readonly string[]
}

/** Scores by different versions measure different things: why the two cannot be compared, and what can. */
export function CannotCompare({ problem, evaluationId, otherId, shared, asked }: CannotCompareProps) {
  const alike = shared.filter(({ own, its }) => own === its).map(({ metric }) => metric)
  const isNew = alike.length > 0 && alike.length < shared.length && alike.join() !== asked.join()
  return (
    <div class="notice unsure" role="alert">
      <Icon shape="question" />
      <div>
        <strong>These two cannot be compared like this</strong>
        <p>{problem.message}.</p>
        <p>
          A score by another version, engine or parameter of an evaluator is a score of something else: a
          difference would say nothing of the answers.
        </p>
        {isNew && (
          <p>
            <Link href={comparisonHref(evaluationId, otherId, alike)}>
              Compare by what the same evaluators scored: {alike.join(', ')}
            </Link>
          </p>
        )}
        {!isNew && shared.length > 1 && <p>Or leave the metric out that it names, below.</p>}
      </div>
    </div>
  )
}
