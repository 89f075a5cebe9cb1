import type { EvaluationSummary } from '../../api/evaluation-views.ts'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { count, dollars } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { isUnderWay } from './is-under-way.ts'
import { ProgressBar } from './progress-bar.tsx'
import { targetText } from './target-text.ts'

/** One evaluation of the list; on a narrow screen its cells stand below each other. */
export function EvaluationLine({ evaluation }: { evaluation: EvaluationSummary }) {
  const { evaluationId, target, source, suiteVersion, mode, status } = evaluation
  const { rows, errors, reused, costUsd, createdAt, progress } = evaluation
  return (
    <div class="line" role="row">
      <span role="cell" class="status">
        <StatusMark status={status} />
      </span>
      <span role="cell" class="name">
        <Link href={`/evaluations/${evaluationId}`}>
          <strong>{targetText(target)}</strong> <span class="id">{evaluationId}</span>
        </Link>
        {mode === 'online' && <small>of traces</small>}
      </span>
      <span role="cell" class="source">
        <RefText value={source} />
      </span>
      <span role="cell" class="suite">
        <span class="unit">suite </span>
        <RefText value={suiteVersion} />
      </span>
      <span role="cell" class="number">
        {count(rows)}
        <span class="unit"> rows</span>
        {reused > 0 && <small>{count(reused)} reused</small>}
      </span>
      <span role="cell" class="number">
        {errors > 0 ? <b class="unsure">{count(errors)}</b> : '0'}
        <span class="unit"> errors</span>
      </span>
      <span role="cell" class="number">
        {dollars(costUsd)}
      </span>
      <span role="cell" class="started">
        <Moment at={createdAt} />
      </span>
      {isUnderWay({ status }) && (
        <span role="cell" class="under-way">
          <ProgressBar progress={progress} name={evaluationId} />
        </span>
      )}
    </div>
  )
}
