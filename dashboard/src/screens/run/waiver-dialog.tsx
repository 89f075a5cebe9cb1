import { useState } from 'preact/hooks'
import { DEFAULT_WAIVER_DAYS, MAX_WAIVER_DAYS } from '../../../../domain/gates/waiver.ts'
import { send } from '../../api/client.ts'
import type { Waiver } from '../../api/gate-views.ts'
import type { GateView, RunView } from '../../api/views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { Moment } from '../../components/moment.tsx'
import { ReasonField } from '../../components/reason-field.tsx'
import { Link } from '../../navigation/link.tsx'

/** The API takes reasons between these lengths. */
const SHORTEST_REASON = 10
const LONGEST_REASON = 1000

interface WaiverDialogProps {
  run: RunView
  stage: string
  gate: GateView
  onClose: () => void
}

/** Waives a gate that is closed, for some days, on the record. */
export function WaiverDialog({ run: { runId, workflow, author }, stage, gate, onClose }: WaiverDialogProps) {
  const [reason, setReason] = useState('')
  const [days, setDays] = useState(String(DEFAULT_WAIVER_DAYS))
  const isValid = Number(days) > 0 && Number(days) <= MAX_WAIVER_DAYS
  async function waive() {
    const body = { workflow, stage, gate: gate.gate, reason: reason.trim(), days: Number(days) }
    const waiver = await send<Waiver>('/waivers', body)
    return (
      <>
        <p>
          {gate.gate} of {stage} is waived until <Moment at={waiver.expiresAt} />. What it said in this run
          stays: a rerun is let through.
        </p>
        <p>
          <Link href={`/runs/${runId}?do=rerun`}>Rerun from failed…</Link>
          {' · '}
          <Link href={`/gates/${workflow}`}>All waivers of {workflow}</Link>
        </p>
      </>
    )
  }
  return (
    <ActionDialog
      title={`Waive ${gate.gate} of ${stage}`}
      action="Waive the gate"
      tone="danger"
      isReady={reason.trim().length >= SHORTEST_REASON && isValid}
      onAct={waive}
      onClose={onClose}
    >
      <p>{gate.sentence}</p>
      <p>
        <small>
          The gate is evaluated all the same, and what it finds is kept. The waiver counts for every run of{' '}
          {workflow} but those that you start yourself (this one was started by {author}). When it ends, the
          gate is in force again, and what passed by it and is in production is flagged.
        </small>
      </p>
      <ReasonField
        id="waiver-reason"
        label="Why may it be passed?"
        hint={`At least ${SHORTEST_REASON} characters, for the audit log`}
        maxLength={LONGEST_REASON}
        value={reason}
        onInput={setReason}
      />
      <label for="waiver-days">For how many days, {MAX_WAIVER_DAYS} at most</label>
      <input
        id="waiver-days"
        class="short"
        type="number"
        min={1}
        max={MAX_WAIVER_DAYS}
        step={1}
        value={days}
        onInput={(event) => setDays(event.currentTarget.value)}
      />
    </ActionDialog>
  )
}
