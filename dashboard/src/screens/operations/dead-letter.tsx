import { useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { DeadLetter as Letter } from '../../api/operation-views.ts'
import type { Problem } from '../../api/problem.ts'
import { Icon } from '../../components/icon.tsx'
import { KeyValues } from '../../components/key-values.tsx'
import { Moment } from '../../components/moment.tsx'
import { ProblemNotice } from '../../components/problem-notice.tsx'
import { Link } from '../../navigation/link.tsx'

/** One message, what it was for, and the way to send it again. */
export function DeadLetter({ letter, onReplayed }: { letter: Letter; onReplayed: () => void }) {
  const { deadLetterId, queue, body, at, replayedAt } = letter
  const [isSending, setSending] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const { runId, action, stage } = fieldsOf(body)
  async function replay() {
    setSending(true)
    setProblem(undefined)
    try {
      await send(`/dead-letters/${encodeURIComponent(deadLetterId)}/replay`, {})
      onReplayed()
    } catch (failure) {
      setProblem(failure as Problem)
    } finally {
      setSending(false)
    }
  }
  return (
    <article class="card letter" aria-label={`Dead letter ${deadLetterId}`}>
      <header>
        <h3>{queue}</h3>
        <span>
          {typeof action === 'string' && <b>{action} </b>}
          {typeof stage === 'string' && `of ${stage} `}
          {typeof runId === 'string' && <Link href={`/runs/${runId}`}>{runId}</Link>}
        </span>
        <small>
          <Moment at={at} />
        </small>
        {replayedAt !== null && (
          <span class="mark good">
            <Icon shape="check" /> replayed <Moment at={replayedAt} />
          </span>
        )}
        <button type="button" disabled={isSending} aria-label={`Replay ${deadLetterId}`} onClick={replay}>
          <Icon shape="back" /> Replay{replayedAt !== null && ' again'}
        </button>
      </header>
      {problem && <ProblemNotice problem={problem} />}
      <details>
        <summary>Message</summary>
        <p class="id">{deadLetterId}</p>
        {isObject(body) ? <KeyValues value={body} /> : <code>{JSON.stringify(body)}</code>}
      </details>
    </article>
  )
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return isObject(body) ? body : {}
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}
