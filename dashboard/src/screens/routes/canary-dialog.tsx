import { useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { CanaryStep, Route } from '../../api/views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { RefText } from '../../components/ref-text.tsx'
import { share as inPercent } from '../../format/number.ts'

/** The API takes reasons up to this length. */
const LONGEST_REASON = 500
/** Steps that are usual, in percent; 0 takes the canary away. */
/** What the API takes at most (`MAX_CANARY_SHARE`): more users need a deployment to all. */
const MAX_SHARE = 0.5
const USUAL = [0, 1, 5, 10, 20, 50]

interface CanaryDialogProps {
  route: Route
  onClose: () => void
  onDone: () => void
}

/** Asks for the canary's new share and a reason. Refused when the route has moved since it was looked at. */
export function CanaryDialog({ route, onClose, onDone }: CanaryDialogProps) {
  // What was looked at when the dialog opened: the route under it moves.
  const [{ version, spec }] = useState(route)
  const [percent, setPercent] = useState('')
  const [reason, setReason] = useState('')
  const now = spec.canary?.share
  const share = Number(percent) / 100
  const isStep = percent.trim() !== '' && share >= 0 && share <= MAX_SHARE && share !== now
  async function step() {
    const path = `/routes/${encodeURIComponent(route.route)}/canary`
    const done = await send<CanaryStep>(path, { share, reason: reason.trim(), expect: version })
    onDone()
    return (
      <p>
        {done.share === 0
          ? `${route.route} has no canary now`
          : `The canary has ${inPercent(done.share)} now`}
        : <RefText value={done.version} />, as of epoch {done.epoch}.
      </p>
    )
  }
  // An address may be older than what it names.
  if (spec.canary === undefined || now === undefined) return null
  return (
    <ActionDialog
      title={`Step the canary of ${route.route}`}
      action={isStep ? consequence(share, now) : 'Step'}
      isReady={isStep && reason.trim() !== ''}
      onAct={step}
      onClose={onClose}
    >
      <p>
        <RefText value={spec.canary.target.model} /> answers {inPercent(now)} of the users. A larger share
        only adds users; a rollback gives all of them back at once.
      </p>
      <label for="canary-share">New share, in percent</label>
      <input
        id="canary-share"
        class="short"
        type="number"
        min="0"
        max={MAX_SHARE * 100}
        step="any"
        required
        aria-describedby="canary-hint"
        value={percent}
        onInput={(event) => setPercent(event.currentTarget.value)}
      />
      <p class="presets">
        {USUAL.filter((each) => each / 100 !== now).map((each) => (
          <button key={each} type="button" onClick={() => setPercent(String(each))}>
            {each}%
          </button>
        ))}
      </p>
      <small id="canary-hint">
        At most {MAX_SHARE * 100}; 0 takes the canary away. Everybody gets the model by a deploy stage,
        through its gates.
      </small>
      <ReasonField
        id="canary-reason"
        label="Reason, for the audit log"
        maxLength={LONGEST_REASON}
        value={reason}
        onInput={setReason}
      />
    </ActionDialog>
  )
}

function consequence(share: number, now: number): string {
  if (share === 0) return 'Take the canary away'
  return share > now ? `Raise to ${inPercent(share)}` : `Lower to ${inPercent(share)}`
}
