import type { EndedWaiver, Erosion, WaiverRow } from '../../api/gate-views.ts'
import { Moment } from '../../components/moment.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { counted } from '../../format/number.ts'
import { duration } from '../../format/time.ts'
import { setQuery } from '../../navigation/place.ts'

/** Gates that are passed by the word of a person, now and before. */
export function Waivers({ waivers: { sentence, open, ended } }: { waivers: Erosion['waivers'] }) {
  return (
    <section class="card" aria-labelledby="waivers">
      <h3 id="waivers">Waivers</h3>
      <p>{sentence}</p>
      {open.length > 0 && (
        <ul class="waivers">
          {open.map((waiver) => (
            <OpenWaiver key={waiver.waiverId} waiver={waiver} />
          ))}
        </ul>
      )}
      {ended.length > 0 && (
        <details>
          <summary>{counted(ended.length, 'waiver')} that ended</summary>
          <ul class="waivers">
            {ended.map((waiver) => (
              <EndedLine key={waiver.waiverId} waiver={waiver} />
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function OpenWaiver({ waiver }: { waiver: WaiverRow }) {
  const { waiverId, stage, gate, expiresAt } = waiver
  return (
    <li>
      <div>
        <b>{gate}</b> of {stage} <StatusMark status="waived" />{' '}
        <small>
          until <Moment at={expiresAt} />, {duration(Math.max(0, expiresAt - Date.now()))} from now
        </small>
        <Why waiver={waiver} />
      </div>
      <button
        type="button"
        aria-label={`Revoke the waiver of ${gate} of ${stage}`}
        onClick={() => setQuery({ revoke: waiverId })}
      >
        Revoke…
      </button>
    </li>
  )
}

function EndedLine({ waiver }: { waiver: EndedWaiver }) {
  const { stage, gate, state, expiresAt, revokedAt } = waiver
  return (
    <li>
      <div>
        <b>{gate}</b> of {stage} <StatusMark status={state} />{' '}
        <small>
          <Moment at={revokedAt ?? expiresAt} />
        </small>
        <Why waiver={waiver} />
      </div>
    </li>
  )
}

function Why({ waiver: { reason, author, authorName, createdAt, used } }: { waiver: WaiverRow }) {
  return (
    <p>
      “{reason}”{' '}
      <small>
        {authorName ?? author}, <Moment at={createdAt} />;{' '}
        {used === 0 ? 'not used' : `let ${counted(used, 'verdict')} through`}
      </small>
    </p>
  )
}
