import type { Erosion, Weakened } from '../../api/gate-views.ts'
import { Icon } from '../../components/icon.tsx'
import { Moment } from '../../components/moment.tsx'
import { RefText } from '../../components/ref-text.tsx'

/** What one version of the workflow demanded and the next did not: who, when, and whether it still stands. */
export function WeakenedGates({ weakened: { sentence, changes } }: { weakened: Erosion['weakened'] }) {
  return (
    <section class="card" aria-labelledby="weakened">
      <h3 id="weakened">Removed and loosened</h3>
      <p>{sentence}</p>
      {changes.length > 0 && (
        <ul class="changes">
          {changes.map((change) => (
            <Change key={`${change.place}@${change.toVersion}@${change.at}`} change={change} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Change({ change }: { change: Weakened }) {
  const {
    what,
    place,
    stage,
    gate,
    from,
    to,
    reason,
    author,
    authorName,
    at,
    fromVersion,
    toVersion,
    stands,
  } = change
  return (
    <li>
      <span class={`mark ${stands ? 'bad' : 'quiet'}`}>
        <Icon shape={what === 'removed' ? 'cross' : 'flag'} /> {what}
      </span>{' '}
      <b>{gate === null || stage === null ? place : `${gate} of ${stage}`}</b>{' '}
      {stands ? <small>still stands</small> : <small>put back since</small>}
      <p>
        {what === 'loosened' && (
          <>
            <code>{place}</code> from <code>{JSON.stringify(from)}</code> to <code>{JSON.stringify(to)}</code>
            {reason !== '' && ': '}
          </>
        )}
        {reason}
      </p>
      <small>
        {authorName ?? author}, <Moment at={at} />, with <RefText value={toVersion} /> after{' '}
        <RefText value={fromVersion} />
      </small>
    </li>
  )
}
