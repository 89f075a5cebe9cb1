import { send } from '../../api/client.ts'
import type { EvaluationStatusChange, EvaluationSummary } from '../../api/evaluation-views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { Link } from '../../navigation/link.tsx'
import { setQuery } from '../../navigation/place.ts'
import { isUnderWay } from '../evaluations/is-under-way.ts'

/** What can be done with the evaluation now. What changes it asks once more. */
export function EvaluationControls({ evaluation }: { evaluation: EvaluationSummary }) {
  const { evaluationId, status } = evaluation
  const open = (name: string) => () => setQuery({ do: name })
  return (
    <div class="controls" role="group" aria-label="What can be done with the evaluation">
      {status === 'running' && (
        <button type="button" onClick={open('pause')}>
          Pause…
        </button>
      )}
      {status === 'paused' && (
        <button type="button" class="primary" onClick={open('resume')}>
          Resume…
        </button>
      )}
      {isUnderWay(evaluation) && (
        <button type="button" onClick={open('cancel')}>
          Cancel…
        </button>
      )}
      {status === 'finished' && (
        <Link class="button" href={`/evaluations/${evaluationId}/compare`}>
          Compare with…
        </Link>
      )}
    </div>
  )
}

const DIALOGS = {
  pause: {
    of: 'running',
    action: 'Pause',
    tone: 'primary',
    effect: 'Chunks that are under way are done; no further one starts until the evaluation is resumed.',
  },
  resume: { of: 'paused', action: 'Resume', tone: 'primary', effect: 'It goes on where it was.' },
  cancel: {
    of: 'running paused',
    action: 'Cancel the evaluation',
    tone: 'danger',
    effect:
      'It does not go on, and a stage that waits for it fails. The scores so far stay, for later evaluations to take over.',
  },
} as const

interface EvaluationDialogProps {
  evaluation: EvaluationSummary
  query: URLSearchParams
  onDone: () => void
}

/** The dialog that the address names, if the evaluation is such that it makes sense. */
export function EvaluationDialog({ evaluation, query, onDone }: EvaluationDialogProps) {
  const { evaluationId, status } = evaluation
  const what = query.get('do') ?? ''
  if (!Object.hasOwn(DIALOGS, what)) return null
  const { of, action, tone, effect } = DIALOGS[what as keyof typeof DIALOGS]
  if (!of.split(' ').includes(status)) return null
  return (
    <ActionDialog
      key={what}
      title={`${action.split(' ')[0]} ${evaluationId}`}
      action={action}
      tone={tone}
      onAct={async () => {
        await send<EvaluationStatusChange>(`/evaluations/${encodeURIComponent(evaluationId)}/${what}`, {})
        onDone()
      }}
      onClose={() => setQuery({ do: null })}
    >
      <p>{effect}</p>
    </ActionDialog>
  )
}
