import type { MetricChanges } from '../../api/evaluation-views.ts'
import { count, counted } from '../../format/number.ts'
import { setQuery } from '../../navigation/place.ts'
import { RowChangeLine } from './row-change.tsx'

interface ChangesProps {
  changes: readonly MetricChanges[]
  evaluationId: string
  otherId: string
  query: URLSearchParams
}

/** What changed row by row on one metric at a time: rows that no longer pass first, then the biggest falls. */
export function Changes({ changes, evaluationId, otherId, query }: ChangesProps) {
  const asked = changes.find(({ metric }) => metric === query.get('rows'))
  const shown = asked ?? changes.toSorted((a, b) => b.passToFail - a.passToFail)[0]
  if (!shown) return <p class="quiet">They have no row with a score of both.</p>
  const direction = query.get('way') === 'rose' ? 'rose' : 'fell'
  const list = direction === 'rose' ? shown.best : shown.worst
  return (
    <>
      <div class="filters">
        <span>
          <label for="changes-metric">Metric</label>{' '}
          <select
            id="changes-metric"
            value={shown.metric}
            onChange={(event) => setQuery({ rows: event.currentTarget.value })}
          >
            {changes.map(({ metric, passToFail, failToPass }) => (
              <option key={metric} value={metric}>
                {metric}: {passToFail} lost, {failToPass} gained
              </option>
            ))}
          </select>
        </span>
        <span>
          <label for="changes-way">Rows that</label>{' '}
          <select
            id="changes-way"
            value={direction}
            onChange={(event) => setQuery({ way: event.currentTarget.value === 'rose' ? 'rose' : null })}
          >
            <option value="fell">fell</option>
            <option value="rose">rose</option>
          </select>
        </span>
      </div>
      <p class="about">{inWords(shown)}</p>
      {list.length === 0 && <p class="quiet">No row {direction}.</p>}
      {list.length > 0 && (
        <ol class="card rows flips" aria-label={`Rows that ${direction}`}>
          {list.map((change) => (
            <RowChangeLine key={change.rowId} change={change} evaluationId={evaluationId} otherId={otherId} />
          ))}
        </ol>
      )}
      <Rest shown={list.length} of={direction === 'rose' ? shown.improved : shown.regressed} />
    </>
  )
}

function inWords(changes: MetricChanges): string {
  const { rows, passAt, passToFail, failToPass, improved, regressed, unchanged, unpaired, mcnemarP } = changes
  const parts = [
    `Of ${counted(rows, 'row')}, ${count(passToFail)} no longer pass (from ${passAt.toFixed(3)} on) and ${count(failToPass)} pass now`,
    `${count(regressed)} fell, ${count(improved)} rose, ${count(unchanged)} stayed`,
    `exact McNemar p ${mcnemarP < 0.001 ? '< 0.001' : mcnemarP.toFixed(3)}, rows as independent`,
    ...(unpaired === 0 ? [] : [`${counted(unpaired, 'row')} only one of them has a score for`]),
  ]
  return `${parts.join('; ')}.`
}

function Rest({ shown, of }: { shown: number; of: number }) {
  if (of <= shown) return null
  return (
    <p class="quiet">
      The first {shown} of {count(of)}.
    </p>
  )
}
