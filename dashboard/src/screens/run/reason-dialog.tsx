import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { ReasonField } from '../../components/reason-field.tsx'

/** The API takes reasons up to this length. */
const LONGEST_REASON = 500

interface ReasonDialogProps {
  title: string
  action: string
  tone?: 'primary' | 'danger'
  onReason: (reason: string) => Promise<void>
  onClose: () => void
  /** What it will do. */
  children: ComponentChildren
}

/** Asks why before it does something to a run. */
export function ReasonDialog({
  title,
  action,
  tone = 'primary',
  onReason,
  onClose,
  children,
}: ReasonDialogProps) {
  const [reason, setReason] = useState('')
  return (
    <ActionDialog
      title={title}
      action={action}
      tone={tone}
      isReady={reason.trim() !== ''}
      onAct={() => onReason(reason.trim())}
      onClose={onClose}
    >
      <p>{children}</p>
      <ReasonField
        id="reason"
        label="Reason, for the event log"
        maxLength={LONGEST_REASON}
        value={reason}
        onInput={setReason}
      />
    </ActionDialog>
  )
}
