import { send } from '../../api/client.ts'
import type { RunView } from '../../api/views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { setQuery } from '../../navigation/place.ts'
import { isLive } from '../runs/is-live.ts'
import { ReasonDialog } from './reason-dialog.tsx'
import { RerunDialog } from './rerun-dialog.tsx'
import { SignalDialog } from './signal-dialog.tsx'
import { WaiverDialog } from './waiver-dialog.tsx'

interface RunDialogsProps {
  run: RunView
  query: URLSearchParams
  onDone: () => void
}

/** The dialog that the address names, if the run is such that it makes sense. */
export function RunDialogs({ run, query, onDone }: RunDialogsProps) {
  const { runId } = run
  const asked = query.get('do')
  const close = () => setQuery({ do: null, waive: null })
  const tell = async (what: string, body: unknown = {}) => {
    await send(`/runs/${runId}/${what}`, body)
    onDone()
  }
  const [stage, gate] = query.get('waive')?.split('.') ?? []
  const toWaive = run.stages.find((each) => each.stage === stage)?.gates.find((each) => each.gate === gate)
  if (toWaive) return <WaiverDialog run={run} stage={stage!} gate={toWaive} onClose={close} />
  if (!isLive(run)) return asked === 'rerun' ? <RerunDialog run={run} onClose={close} /> : null
  switch (asked) {
    case 'pause':
      return (
        <ReasonDialog
          title={`Pause ${runId}`}
          action="Pause"
          onReason={(reason) => tell('pause', { reason })}
          onClose={close}
        >
          What is under way goes on; no further stage starts until the run is resumed.
        </ReasonDialog>
      )
    case 'resume':
      return (
        <ActionDialog title={`Resume ${runId}`} action="Resume" onAct={() => tell('resume')} onClose={close}>
          <p>Stages that are ready start at once.</p>
        </ActionDialog>
      )
    case 'cancel':
      return (
        <ReasonDialog
          title={`Cancel ${runId}`}
          action="Cancel the run"
          tone="danger"
          onReason={(reason) => tell('cancel', { reason })}
          onClose={close}
        >
          Work outside is told to stop, and what took effect is undone. A cancelled run does not go on; it can
          be rerun.
        </ReasonDialog>
      )
    case 'signal':
      return <SignalDialog run={run} onDone={onDone} onClose={close} />
    default:
      return null
  }
}
