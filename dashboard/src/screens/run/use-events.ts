import { useCallback, useRef, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Problem } from '../../api/problem.ts'
import { usePolling } from '../../api/use-polling.ts'
import type { EventPage, LogEntry } from '../../api/views.ts'

const WHILE_RUNNING_MS = 2_000
/** The API answers at most so many events at once. */
const PAGE_EVENTS = 500

export interface EventsSoFar {
  events: LogEntry[]
  problem?: Problem
}

/** The run's event log, kept up while the run is live: only what came after the last event is asked for. */
export function useEvents(runId: string, isRunLive: boolean): EventsSoFar {
  const [log, setLog] = useState<EventsSoFar>({ events: [] })
  const seen = useRef<LogEntry[]>([])
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        const after = seen.current.at(-1)?.seq ?? 0
        const { events } = await ask<EventPage>(`/runs/${runId}/events?after=${after}`, { signal })
        seen.current = [...seen.current, ...events]
        setLog({ events: seen.current })
        return events.length
      } catch (error) {
        if (!signal.aborted) setLog({ events: seen.current, problem: error as Problem })
        return undefined
      }
    },
    // A run that ends is asked once more, for its last events.
    [runId, isRunLive],
  )
  usePolling(load, (read) => (read === PAGE_EVENTS ? 0 : isRunLive ? WHILE_RUNNING_MS : null))
  return log
}
