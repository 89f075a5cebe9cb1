import { useState } from 'preact/hooks'
import type { GateLockView } from '../../api/operation-views.ts'
import { useApi } from '../../api/use-api.ts'
import { LinkedText } from '../../components/linked-text.tsx'
import { Pending } from '../../components/pending.tsx'
import { setQuery } from '../../navigation/place.ts'

const REFRESH_MS = 5_000

/** Who may change a target now, and who waits for it. */
export function GateLock({ target }: { target: string | null }) {
  const [asked, setAsked] = useState(target ?? '')
  const answered = useApi<GateLockView>(
    target === null ? null : `/locks/${encodeURIComponent(target)}`,
    () => REFRESH_MS,
  )
  function look(event: Event) {
    event.preventDefault()
    setQuery({ lock: asked.trim() || null })
  }
  return (
    <section aria-labelledby="locks">
      <h2 id="locks">Gate locks</h2>
      <form class="card lock" onSubmit={look}>
        <label for="target">
          Target: a route, such as <code>route:support-agent</code>, or an alias, such as{' '}
          <code>model:support-agent@production</code>
        </label>
        <span class="row">
          <input
            id="target"
            spellcheck={false}
            value={asked}
            onInput={(event) => setAsked(event.currentTarget.value)}
          />
          <button type="submit">Look</button>
        </span>
        {target !== null && <Pending of={answered} />}
        {answered.data && <Holders lock={answered.data} />}
      </form>
    </section>
  )
}

function Holders({ lock: { fence, holders } }: { lock: GateLockView }) {
  if (holders.length === 0) return <p>Nobody holds it. Its last fencing token was {fence}.</p>
  return (
    <>
      <p>
        Fencing token {fence}. {holders.length === 1 ? 'Nobody waits.' : 'In the order of their turn:'}
      </p>
      <ol class="holders">
        {holders.map((holder, place) => (
          <li key={holder}>
            <LinkedText text={holder} /> <small>{place === 0 ? 'holds it' : `place ${place}`}</small>
          </li>
        ))}
      </ol>
    </>
  )
}
