import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Problem } from '../api/problem.ts'
import { ProblemNotice } from './problem-notice.tsx'

interface ActionDialogProps {
  title: string
  /** What the button says that does it. */
  action: string
  tone?: 'primary' | 'danger'
  isReady?: boolean
  /** Does it, and answers what to say when it is done; nothing to close the dialog. A `Problem` is shown. */
  onAct: () => Promise<JSX.Element | void>
  onClose: () => void
  children: ComponentChildren
}

/** Asks before something is done that others will see, and says what came of it. */
export function ActionDialog({
  title,
  action,
  tone = 'primary',
  isReady = true,
  onAct,
  onClose,
  children,
}: ActionDialogProps) {
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [done, setDone] = useState<JSX.Element>()
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef<HTMLButtonElement>(null)
  useEffect(() => dialog.current!.showModal(), [])
  // The button that had the focus is gone.
  useEffect(() => close.current?.focus(), [done])
  async function act(event: Event) {
    event.preventDefault()
    if (!isReady || isSending) return
    setSending(true)
    setProblem(undefined)
    try {
      const said = await onAct()
      if (said) setDone(said)
      else dialog.current?.close()
    } catch (failure) {
      setProblem(failure as Problem)
    } finally {
      setSending(false)
    }
  }
  return (
    <dialog ref={dialog} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      {done ? (
        <>
          <div role="status">{done}</div>
          <p class="buttons">
            <button ref={close} type="button" class="primary" onClick={() => dialog.current!.close()}>
              Close
            </button>
          </p>
        </>
      ) : (
        <form onSubmit={act}>
          {children}
          {problem && <ProblemNotice problem={problem} />}
          <p class="buttons">
            <button type="button" onClick={() => dialog.current!.close()}>
              Back
            </button>
            <button type="submit" class={tone} disabled={!isReady || isSending}>
              {action}
            </button>
          </p>
        </form>
      )}
    </dialog>
  )
}
