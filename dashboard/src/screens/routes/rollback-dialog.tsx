import { useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { Rollback, Route } from '../../api/views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { RefText } from '../../components/ref-text.tsx'

/** The API takes reasons up to this length. */
const LONGEST_REASON = 500

interface RollbackDialogProps {
  route: Route
  onClose: () => void
  onDone: () => void
}

/** Asks for the route's name and a reason before it moves production: neither a slip nor a silent act. */
export function RollbackDialog({ route, onClose, onDone }: RollbackDialogProps) {
  // What was to be done when the dialog opened: the route under it moves.
  const [{ version, previous }] = useState(route)
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  async function rollBack() {
    const path = `/routes/${encodeURIComponent(route.route)}/rollback`
    const done = await send<Rollback>(path, { reason: reason.trim() })
    onDone()
    return (
      <p>
        {route.route} points at <RefText value={done.version} /> now, as of epoch {done.epoch}.
      </p>
    )
  }
  return (
    <ActionDialog
      title={`Roll back ${route.route}`}
      action="Roll back"
      tone="danger"
      isReady={name === route.route && reason.trim() !== ''}
      onAct={rollBack}
      onClose={onClose}
    >
      <p>
        From <RefText value={version} /> to {previous === null ? 'nothing' : <RefText value={previous} />}. It
        takes effect at once; a deployment that is under way is stopped.
      </p>
      <label for="rollback-name">
        Type <b>{route.route}</b> to confirm
      </label>
      <input
        id="rollback-name"
        autocomplete="off"
        spellcheck={false}
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <ReasonField
        id="rollback-reason"
        label="Reason, for the audit log"
        maxLength={LONGEST_REASON}
        value={reason}
        onInput={setReason}
      />
    </ActionDialog>
  )
}
