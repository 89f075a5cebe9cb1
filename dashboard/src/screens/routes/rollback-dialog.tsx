import { useEffect, useRef, useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { Problem } from '../../api/problem.ts'
import type { Rollback, Route } from '../../api/views.ts'
import { ProblemNotice } from '../../components/problem-notice.tsx'
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
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [done, setDone] = useState<Rollback>()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current!.showModal(), [])
  const isReady = name === route.route && reason.trim() !== '' && !isSending
  async function rollBack(event: Event) {
    event.preventDefault()
    if (!isReady) return
    setSending(true)
    setProblem(undefined)
    try {
      const path = `/routes/${encodeURIComponent(route.route)}/rollback`
      setDone(await send<Rollback>(path, { reason: reason.trim() }))
      onDone()
    } catch (failure) {
      setProblem(failure as Problem)
    } finally {
      setSending(false)
    }
  }
  return (
    <dialog ref={dialog} aria-labelledby="rollback-title" onClose={onClose}>
      <h2 id="rollback-title">Roll back {route.route}</h2>
      {done && (
        <>
          <p role="status">
            {route.route} points at <RefText value={done.version} /> now, as of epoch {done.epoch}.
          </p>
          <p class="buttons">
            <button type="button" class="primary" onClick={() => dialog.current!.close()}>
              Close
            </button>
          </p>
        </>
      )}
      {!done && (
        <form onSubmit={rollBack}>
          <p>
            From <RefText value={version} /> to {previous === null ? 'nothing' : <RefText value={previous} />}
            . It takes effect at once; a deployment that is under way is stopped.
          </p>
          {problem && <ProblemNotice problem={problem} />}
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
          <label for="rollback-reason">Reason, for the audit log</label>
          <textarea
            id="rollback-reason"
            rows={2}
            maxLength={LONGEST_REASON}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <p class="buttons">
            <button type="button" onClick={() => dialog.current!.close()}>
              Cancel
            </button>
            <button type="submit" class="danger" disabled={!isReady}>
              Roll back
            </button>
          </p>
        </form>
      )}
    </dialog>
  )
}
