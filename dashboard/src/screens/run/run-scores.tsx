import { ONCE, useApi } from '../../api/use-api.ts'
import type { Evaluation, RunView } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { count, counted } from '../../format/number.ts'
import { Link } from '../../navigation/link.tsx'
import { HeatMap } from './heat-map.tsx'
import { evaluationsOf, judgedBy, scoreTable } from './scores.ts'

/** The scores of the run's candidate, beside those of production where the promotion compared them. */
export function RunScores({ run }: { run: RunView }) {
  const ids = evaluationsOf(run)
  const candidate = useApi<Evaluation>(pathOf(ids.candidate), ONCE)
  const production = useApi<Evaluation>(pathOf(ids.production), ONCE)
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">Scores by cohort and metric</h2>
      {ids.candidate === null && <p class="quiet">No evaluation has finished in this run.</p>}
      {ids.candidate !== null && <Pending of={candidate} />}
      {ids.production !== null && production.problem && <Pending of={production} />}
      {candidate.data && <Scored run={run} candidate={candidate.data} production={production.data ?? null} />}
    </section>
  )
}

interface ScoredProps {
  run: RunView
  candidate: Evaluation
  production: Evaluation | null
}

function Scored({ run, candidate, production }: ScoredProps) {
  const { target, source, rows, errors } = candidate
  return (
    <div class="card">
      <p class="about">
        <RefText value={target} /> on {counted(rows, 'row')} of <RefText value={source} />
        {errors > 0 && <>, {count(errors)} without an answer</>}
        {production ? (
          <>
            ; differences are to <RefText value={production.target} /> on the same rows
          </>
        ) : (
          '; there is no production to compare with'
        )}
        . <Link href={`/evaluations/${candidate.evaluationId}`}>Row by row</Link>
        {production && (
          <>
            {' · '}
            <Link href={`/evaluations/${candidate.evaluationId}/compare/${production.evaluationId}`}>
              Compare with production
            </Link>
          </>
        )}
      </p>
      <HeatMap table={scoreTable(candidate, production, judgedBy(run))} isCompared={production !== null} />
    </div>
  )
}

function pathOf(evaluationId: string | null): string | null {
  return evaluationId === null ? null : `/evaluations/${encodeURIComponent(evaluationId)}`
}
