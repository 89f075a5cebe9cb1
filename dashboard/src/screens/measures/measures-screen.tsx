import { useApi } from '../../api/use-api.ts'
import type { Measures } from '../../api/views.ts'
import { Pending } from '../../components/pending.tsx'
import { day } from '../../format/time.ts'
import { setQuery } from '../../navigation/place.ts'
import { ByKind } from './by-kind.tsx'
import { MeasureCard } from './measure-card.tsx'

const REFRESH_MS = 30_000
const WINDOWS = [7, 28, 90]
const DEFAULT_WINDOW = 28

/** The six measures over a window, each with what it was counted from. */
export function MeasuresScreen({ query }: { query: URLSearchParams }) {
  const days = Number(query.get('days') ?? DEFAULT_WINDOW)
  const answered = useApi<Measures>(`/measures?days=${days}`, () => REFRESH_MS)
  const { data } = answered
  return (
    <>
      <h1>Measures</h1>
      <p class="about">
        <label for="window">Over the last</label>{' '}
        <select id="window" value={days} onChange={(event) => setQuery({ days: event.currentTarget.value })}>
          {[...new Set([...WINDOWS, days])].map((each) => (
            <option key={each} value={each}>
              {each} days
            </option>
          ))}
        </select>
        {data && (
          <small>
            {' '}
            from {day(data.from)} to {day(data.to)}
          </small>
        )}
      </p>
      <Pending of={answered} />
      {data && (
        <>
          <div class="measures">
            <MeasureCard
              name="End-to-end stage time"
              measure={data.endToEndStageTime}
              of={['deployed run', 'run']}
            />
            <MeasureCard name="Gate pass rate" measure={data.gatePassRate} of={['passed', 'verdict']} />
            <MeasureCard
              name="Lineage completeness"
              measure={data.lineageCompleteness}
              of={['complete', 'deployed version']}
            />
            <MeasureCard
              name="Rerun reproducibility"
              measure={data.rerunReproducibility}
              of={['equal', 'repeated stage run']}
            />
            <MeasureCard name="Deploy cadence" measure={data.deployCadence} of={['deployment', 'week']} />
            <MeasureCard
              name="Evaluator coverage"
              measure={data.evaluatorCoverage}
              of={['evaluation', 'evaluation']}
            />
          </div>
          <h2>By kind of stage</h2>
          <ByKind times={data.endToEndStageTime.byKind} passRates={data.gatePassRate.byKind} />
        </>
      )}
    </>
  )
}
