import type { RunView } from '../../api/views.ts'
import { setQuery } from '../../navigation/place.ts'
import { isLive } from '../runs/is-live.ts'
import { awaitedSignals } from './signals.ts'

/** What can be done with the run now. Each asks once more before it does it. */
export function RunControls({ run }: { run: RunView }) {
  const open = (name: string) => () => setQuery({ do: name })
  if (!isLive(run)) {
    return (
      <div class="controls" role="group" aria-label="What can be done with the run">
        <button type="button" onClick={open('rerun')}>
          {run.status === 'succeeded' ? 'Rerun…' : 'Rerun from failed…'}
        </button>
      </div>
    )
  }
  return (
    <div class="controls" role="group" aria-label="What can be done with the run">
      {awaitedSignals(run).length > 0 && (
        <button type="button" class="primary" onClick={open('signal')}>
          Send a signal…
        </button>
      )}
      {run.paused ? (
        <button type="button" class="primary" onClick={open('resume')}>
          Resume…
        </button>
      ) : (
        <button type="button" onClick={open('pause')}>
          Pause…
        </button>
      )}
      <button type="button" onClick={open('cancel')}>
        Cancel…
      </button>
    </div>
  )
}
