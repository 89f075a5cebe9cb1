import { useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { RunView } from '../../api/views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { awaitedSignals } from './signals.ts'

interface SignalDialogProps {
  run: RunView
  onDone: () => void
  onClose: () => void
}

/** Sends a signal that stages wait for. */
export function SignalDialog({ run, onDone, onClose }: SignalDialogProps) {
  // The run stops waiting for the signal as soon as it has come.
  const [awaited] = useState(() => awaitedSignals(run))
  const [signal, setSignal] = useState(awaited[0] ?? '')
  const [text, setText] = useState('')
  const payload = parsed(text)
  const waiting = run.stages
    .filter(({ waitingFor }) => waitingFor?.includes(signal))
    .map(({ stage }) => stage)
  async function sendSignal() {
    await send(`/runs/${run.runId}/signals/${signal}`, payload)
    onDone()
  }
  return (
    <ActionDialog
      title="Send a signal"
      action="Send"
      isReady={signal !== '' && payload !== null}
      onAct={sendSignal}
      onClose={onClose}
    >
      <label for="signal">Signal</label>
      <select id="signal" value={signal} onChange={(event) => setSignal(event.currentTarget.value)}>
        {awaited.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {waiting.length > 0 && (
        <small>{waiting.join(', ')} waits for it. The first signal of a name counts.</small>
      )}
      <label for="payload">Payload, as JSON; none when it is empty</label>
      <textarea
        id="payload"
        class="code"
        rows={3}
        spellcheck={false}
        aria-invalid={payload === null}
        aria-describedby="payload-fault"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <small id="payload-fault" class="bad">
        {payload === null && 'This is not JSON: a text stands in "quotes".'}
      </small>
    </ActionDialog>
  )
}

/** The body of the request; null where the text is no JSON. */
function parsed(text: string): { payload?: unknown } | null {
  if (text.trim() === '') return {}
  try {
    return { payload: JSON.parse(text) }
  } catch {
    return null
  }
}
