import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ask } from '../../api/client.ts'
import type { Problem } from '../../api/problem.ts'
import { usePolling } from '../../api/use-polling.ts'
import type { EventPage, LogEntry, LogLine, LogPage, RunView } from '../../api/views.ts'
import { isLive } from '../runs/is-live.ts'
import { RunHistory } from './run-history.ts'
import { useRunStream } from './use-run-stream.ts'

const WHILE_RUNNING_MS = 2_000
/** A stream that is open says everything by itself: this only finds out when it does not. */
const WHILE_STREAMING_MS = 15_000
/** The API answers at most so many events at once. */
const PAGE_EVENTS = 500

export interface LiveRun {
  events: readonly LogEntry[]
  lines: readonly LogLine[]
  /** Changes with everything that happens. */
  mark: string
  /** Whether what happens arrives as it happens; otherwise it is asked for. */
  isStreaming: boolean
  problem?: Problem
}

/**
 * What happened to a run and what its stages said, kept up while the run is live: by the API's stream where that comes
 * through, and by asking for what came since where it does not. Lines that the API has put away are read `withLines`
 * only.
 */
export function useLiveRun(runId: string, run: RunView | undefined, withLines: boolean): LiveRun {
  const isOver = run !== undefined && !isLive(run)
  const [history] = useState(() => new RunHistory())
  const [, setRevision] = useState(0)
  const [problem, setProblem] = useState<Problem>()
  const [isCaughtUp, setCaughtUp] = useState(false)
  const show = useCallback(() => setRevision((before) => before + 1), [])
  // The stream begins where the log that was read ends.
  const stream = useRunStream(runId, run !== undefined && !isOver && isCaughtUp, history, show)
  const load = useCallback(
    async (signal: AbortSignal) => {
      try {
        const [{ events }, { lines }] = await Promise.all([
          ask<EventPage>(`/runs/${runId}/events?after=${history.lastEvent}`, { signal }),
          withLines
            ? ask<LogPage>(`/runs/${runId}/logs?after=${history.readLine}`, { signal })
            : { lines: [] },
        ])
        if (history.addEvents(events)) stream.doubt()
        const isWhole = !history.readLines(lines) && events.length < PAGE_EVENTS
        setProblem(undefined)
        if (isWhole) setCaughtUp(true)
        show()
        return { isWhole }
      } catch (error) {
        if (!signal.aborted) setProblem(error as Problem)
        return undefined
      }
    },
    // A run that ends is asked once more, for the last of it.
    [runId, isOver, withLines],
  )
  const askNow = usePolling(load, (read) => {
    if (read && !read.isWhole) return 0
    if (isOver) return null
    return stream.isOpen ? WHILE_STREAMING_MS : WHILE_RUNNING_MS
  })
  const wasOpen = useRef(false)
  useEffect(() => {
    if (wasOpen.current && !stream.isOpen) askNow()
    wasOpen.current = stream.isOpen
  }, [stream.isOpen])
  const { events, lines, lastEvent, lastLine } = history
  const mark = `${lastEvent}.${lastLine}`
  return { events, lines, mark, isStreaming: stream.isOpen, ...(problem ? { problem } : {}) }
}
