import type { ScoredEvaluation } from '../../api/evaluation-views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { isUnderWay } from '../evaluations/is-under-way.ts'
import { ProgressBar } from '../evaluations/progress-bar.tsx'
import { targetText } from '../evaluations/target-text.ts'
import { EvaluationControls } from './evaluation-controls.tsx'
import { headline } from './headline.ts'

/** Whose answers, on what, by which suite, and how it went. */
export function EvaluationHeader({ evaluation }: { evaluation: ScoredEvaluation }) {
  const { evaluationId, target, source, suiteVersion, mode, status } = evaluation
  const { createdAt, createdBy, forced, progress } = evaluation
  return (
    <header class="run-header">
      <div class="title">
        <h1>
          {targetText(target)} <span class="id">{evaluationId}</span>
        </h1>
        <EvaluationControls evaluation={evaluation} />
      </div>
      <p class="status-line">
        <StatusMark status={status} />
        <span>{headline(evaluation, Date.now())}</span>
      </p>
      {isUnderWay(evaluation) && (
        <p class="live-progress">
          <ProgressBar progress={progress} name={evaluationId} />
        </p>
      )}
      {progress.problem !== null && isUnderWay(evaluation) && (
        <div class="notice unsure">
          <Icon shape="question" />
          <div>
            <strong>A chunk could not be done, and is tried again</strong>
            <p>{progress.problem}</p>
          </div>
        </div>
      )}
      <dl class="facts">
        <div>
          <dt>Who answered</dt>
          <dd>{target === 'stored' ? 'the rows’ own answers' : <RefText value={target} />}</dd>
        </div>
        <div>
          <dt>{mode === 'online' ? 'Traces of' : 'Dataset'}</dt>
          <dd>
            <RefText value={source} />
          </dd>
        </div>
        <div>
          <dt>Suite version</dt>
          <dd>
            <RefText value={suiteVersion} />
          </dd>
        </div>
        <div>
          <dt>Started</dt>
          <dd>
            <Moment at={createdAt} />
            {createdBy !== null && ` by ${createdBy}`}
          </dd>
        </div>
        {forced && (
          <div>
            <dt>Forced</dt>
            <dd>takes nothing over</dd>
          </div>
        )}
      </dl>
    </header>
  )
}
