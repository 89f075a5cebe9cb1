import type { RunView } from '../../api/views.ts'
import { Icon } from '../../components/icon.tsx'
import { Link } from '../../navigation/link.tsx'

export function Paused({ paused: { actor, reason } }: { paused: NonNullable<RunView['paused']> }) {
  return (
    <div class="notice unsure">
      <Icon shape="pause" />
      <div>
        <strong>Paused by {actor}</strong>
        <p>{reason}</p>
        <small>What is under way goes on; no further stage starts until the run is resumed.</small>
      </div>
    </div>
  )
}

export function StoppedBecause({ run: { runId, failure, stages } }: { run: RunView }) {
  const { stage: name, message, code } = failure!
  const stage = stages.find(({ stage: other }) => other === name)
  const closed = stage?.gates.filter(({ blocks, at }) => blocks && at !== null) ?? []
  return (
    <div class="notice bad">
      <Icon shape="cross" />
      <div>
        <strong>
          {name !== undefined && `${name}: `}
          {message}
        </strong>
        {closed.map(({ gate, sentence }) => (
          <p key={gate}>{sentence}</p>
        ))}
        <small>
          {code}
          {name !== undefined && (
            <>
              {' · '}
              <Link href={`/runs/${runId}#stage-${name}`}>to the numbers</Link>
            </>
          )}
        </small>
      </div>
    </div>
  )
}
