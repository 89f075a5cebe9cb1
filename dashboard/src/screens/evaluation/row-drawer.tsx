import type { RowScores, ScoredEvaluation, ScoresOfRow } from '../../api/evaluation-views.ts'
import { ONCE, useApi } from '../../api/use-api.ts'
import { KeyValues } from '../../components/key-values.tsx'
import { Pending } from '../../components/pending.tsx'
import { setQuery } from '../../navigation/place.ts'
import { datasetVersion } from '../evaluations/target-text.ts'
import { DatasetRowSection } from './dataset-row.tsx'
import { Drawer } from './drawer.tsx'
import { LabelForm } from './label-form.tsx'
import { Labels } from './labels.tsx'
import { MetricScore } from './metric-score.tsx'

/** Newest evaluations of the dataset among which a row's scores are looked for, when it is not listed. */
const LOOKED_THROUGH = 50

interface RowDrawerProps {
  rowId: string
  /** The rows that are listed: the one may be among them. */
  rows: readonly RowScores[]
  /** The metric that is told of first. */
  first: string | null
  evaluation: ScoredEvaluation
  passMarks: ReadonlyMap<string, number>
}

/** One row in full: the answer, each score with its evidence, and what people say of it. */
export function RowDrawer({ rowId, rows, first, evaluation, passMarks }: RowDrawerProps) {
  const { evaluationId, source, metrics } = evaluation
  const listed = rows.find((row) => row.rowId === rowId)
  const dataset = datasetVersion(source)
  const path = dataset === null ? null : pathOf(dataset, rowId, listed ? 1 : LOOKED_THROUGH)
  const ofRow = useApi<ScoresOfRow>(path, ONCE)
  const stored = ofRow.data?.evaluations.find((each) => each.evaluationId === evaluationId)
  const scores = listed?.scores ?? stored?.scores
  const response = listed?.response ?? stored?.response ?? undefined
  const at = rows.findIndex((row) => row.rowId === rowId)
  const labels = ofRow.data?.scores.filter(
    (score) => score.evaluationId === evaluationId || score.evaluationId === null,
  )
  return (
    <Drawer
      title={
        <>
          Row <span class="id">{rowId}</span>
        </>
      }
      onClose={() => setQuery({ row: null })}
    >
      <p class="about">
        {listed && (
          <>
            Cohort <b>{listed.cohort}</b>
            {listed.conversation !== undefined && <>, conversation {listed.conversation}</>}
          </>
        )}
        {at >= 0 && (
          <span class="steps">
            <Step to={rows[at - 1]} label="← Worse" />
            <Step to={rows[at + 1]} label="Better →" />
          </span>
        )}
      </p>
      {!scores && path !== null && <Pending of={ofRow} />}
      {!scores && (ofRow.data || path === null) && (
        <p class="quiet">This evaluation has no scores of the row, as far as they are listed.</p>
      )}
      {scores && (
        <>
          <h3>Answer</h3>
          {response === undefined ? (
            <p class="quiet">No answer came.</p>
          ) : (
            <blockquote class="text">{response}</blockquote>
          )}
          {listed?.toolCalls && listed.toolCalls.length > 0 && (
            <>
              <h3>Tool calls</h3>
              <KeyValues value={{ calls: listed.toolCalls }} />
            </>
          )}
          <DatasetRowSection key={rowId} source={source} rowId={rowId} />
          <h3>Scores</h3>
          {inOrder(scores, first).map(([metric, result]) => (
            <MetricScore
              key={`${rowId} ${metric}`}
              metric={metric}
              result={result}
              passAt={passMarks.get(metric)}
            />
          ))}
          {dataset !== null && (
            <>
              <h3>What people say</h3>
              <Pending of={ofRow} />
              {labels && <Labels labels={labels} />}
              <LabelForm
                key={`${rowId} ${ofRow.data?.scores.length}`}
                dataset={dataset.name}
                rowId={rowId}
                evaluationId={evaluationId}
                metrics={metrics.map(({ metric }) => metric)}
                first={metrics.some(({ metric }) => metric === first) ? first : null}
                onLabelled={ofRow.reload}
              />
            </>
          )}
        </>
      )}
    </Drawer>
  )
}

/** In the version that was evaluated: a newer one may no longer have the row. */
function pathOf({ name, version }: { name: string; version: string }, rowId: string, limit: number): string {
  return `/datasets/${name}/rows/${encodeURIComponent(rowId)}/evaluations?version=${version}&limit=${limit}`
}

function inOrder(scores: RowScores['scores'], first: string | null) {
  return Object.entries(scores).toSorted(([a], [b]) => Number(b === first) - Number(a === first))
}

function Step({ to, label }: { to: RowScores | undefined; label: string }) {
  return (
    <button type="button" class="plain" disabled={!to} onClick={() => to && setQuery({ row: to.rowId })}>
      {label}
    </button>
  )
}
