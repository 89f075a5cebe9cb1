import { useState } from 'preact/hooks'
import { send } from '../../api/client.ts'
import type { RunView, StartedRun } from '../../api/views.ts'
import { ActionDialog } from '../../components/action-dialog.tsx'
import { goTo } from '../../navigation/place.ts'

const DONE = new Set(['passed', 'cached'])

/** Starts a run that takes over what passed, and does the rest again. */
export function RerunDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const done = run.stages.filter(({ status }) => DONE.has(status))
  const others = run.stages.filter(({ status }) => !DONE.has(status) && status !== 'skipped')
  const [from, setFrom] = useState<string[]>([])
  async function rerun() {
    const { runId } = await send<StartedRun>(`/runs/${run.runId}/rerun`, { from })
    goTo(`/runs/${runId}`)
  }
  return (
    <ActionDialog title={`Rerun ${run.runId}`} action="Start the rerun" onAct={rerun} onClose={onClose}>
      <p>
        A new run, of the same workflow version, from the same pinned inputs.{' '}
        {others.length > 0 && (
          <>
            It does again: <b>{others.map(({ stage }) => stage).join(', ')}</b>.{' '}
          </>
        )}
        What passed before is taken over with its verdicts; what changes production is always done again.
      </p>
      {done.length > 0 && (
        <fieldset>
          <legend>Do again as well, with all that comes after</legend>
          {done.map(({ stage }) => (
            <label key={stage}>
              <input
                type="checkbox"
                checked={from.includes(stage)}
                onChange={(event) =>
                  setFrom(
                    event.currentTarget.checked ? [...from, stage] : from.filter((each) => each !== stage),
                  )
                }
              />{' '}
              {stage}
            </label>
          ))}
        </fieldset>
      )}
    </ActionDialog>
  )
}
