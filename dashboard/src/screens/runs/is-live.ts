import { TERMINAL_RUN, type RunStatus } from '../../../../domain/run/state.ts'

/** Whether a run has not ended. */
export function isLive({ status }: { status: string }): boolean {
  return !TERMINAL_RUN.has(status as RunStatus)
}
