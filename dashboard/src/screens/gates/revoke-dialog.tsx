import { useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { WaiverRow } from '../../api/gate-views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'

/** The API takes reasons up to this length. */
const LONGEST_REASON = 1000

interface RevokeDialogProps {
  waiver: WaiverRow
  onDone: () => void
  onClose: () => void
}

/** Ends a waiver before its time. */
export function RevokeDialog({ waiver, onDone, onClose }: RevokeDialogProps) {
  // What was to be revoked when the dialog opened: it is gone from the report afterwards.
  const [{ waiverId, gate, stage, used }] = useState(waiver)
  const [reason, setReason] = useState('')
  async function revoke() {
    const path = `/waivers/${waiverId}?${new URLSearchParams({ reason: reason.trim() })}`
    await ask(path, { method: 'DELETE' })
    onDone()
  }
  return (
    <ActionDialog
      title={`Revoke the waiver of ${gate}`}
      action="Revoke"
      tone="danger"
      isReady={reason.trim() !== ''}
      onAct={revoke}
      onClose={onClose}
    >
      <p>
        {gate} of {stage} is in force again at once.
        {used > 0 && ' What passed by the waiver and is in production is flagged as an incident.'}
      </p>
      <ReasonField
        id="revoke-reason"
        label="Reason, for the audit log"
        maxLength={LONGEST_REASON}
        value={reason}
        onInput={setReason}
      />
    </ActionDialog>
  )
}
