import type { RunView } from '../../api/views.ts'

/** The signals that stages of the run wait for, as the API's sentence names them. */
export function awaitedSignals(run: RunView): string[] {
  const named = run.stages.flatMap(({ status, waitingFor }) => {
    const [, names] = /^the signal (.+)$/.exec(waitingFor ?? '') ?? []
    return status === 'pending' && names !== undefined ? names.split(', ') : []
  })
  return [...new Set(named)]
}
