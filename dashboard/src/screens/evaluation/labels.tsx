import type { RowScore } from '../../api/evaluation-views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { score } from '../../format/number.ts'

/** A row is good from here on, as calibrations take it. */
const GOOD_FROM = 0.5

/** Scores of the row from people and other systems, newest first. */
export function Labels({ labels }: { labels: readonly RowScore[] }) {
  if (labels.length === 0) return <p class="quiet">Nobody has labelled this row yet.</p>
  return (
    <ul class="labels">
      {labels.map((label) => (
        <li key={label.scoreId}>
          <span class={`mark ${label.score >= GOOD_FROM ? 'good' : 'bad'}`}>
            <Icon shape={label.score >= GOOD_FROM ? 'check' : 'cross'} /> {label.label ?? score(label.score)}
          </span>{' '}
          {label.name}
          <small>
            {' '}
            by {label.author}
            {label.source === 'external' && ', from outside'}, <Moment at={label.createdAt} />
            {label.evaluationId === null && ', of the row itself'}
          </small>
          {label.reason !== null && <p>{label.reason}</p>}
        </li>
      ))}
    </ul>
  )
}
