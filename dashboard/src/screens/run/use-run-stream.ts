import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { request } from '../../api/client.ts'
import { serverSentEvents } from '../../api/server-sent-events.ts'
import type { LogEntry, LogLine } from '../../api/views.ts'
import type { RunHistory } from './run-history.ts'

/** Wait before a stream that broke is tried again; what happens meanwhile is asked for. */
const RETRY_MS = 10_000
/** What arrives within this time is drawn at once. */
const TOGETHER_MS = 100

export interface RunStream {
  isOpen: boolean
  /** To be called with news that the stream should have brought: it is taken to be broken, and tried again later. */
  doubt: () => void
}

/** Follows a run into `history`, from where that ends; nothing while the tab is hidden. */
export function useRunStream(
  runId: string,
  isWanted: boolean,
  history: RunHistory,
  onNews: () => void,
): RunStream {
  const [isOpen, setOpen] = useState(false)
  /** There while the stream is open. */
  const opened = useRef<AbortController>(undefined)
  const isShown = useIsShown()
  useEffect(() => {
    if (!isWanted || !isShown) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const left = new AbortController()
    async function connect() {
      const abort = new AbortController()
      const signal = AbortSignal.any([abort.signal, left.signal])
      const onOpen = () => {
        opened.current = abort
        setOpen(true)
      }
      const hasEnded = await follow(runId, history, onNews, signal, onOpen).catch(() => false)
      opened.current = undefined
      setOpen(false)
      if (!hasEnded && !left.signal.aborted) timer = setTimeout(() => void connect(), RETRY_MS)
    }
    void connect()
    return () => {
      left.abort()
      clearTimeout(timer)
    }
  }, [runId, isWanted, isShown])
  const doubt = useCallback(() => opened.current?.abort(), [])
  return { isOpen, doubt }
}

/** True when the run has ended, false when the stream has. */
async function follow(
  runId: string,
  history: RunHistory,
  onNews: () => void,
  signal: AbortSignal,
  onOpen: () => void,
): Promise<boolean> {
  const headers = { 'last-event-id': `${history.lastEvent}.${history.lastLine}` }
  const { body } = await request(`/runs/${runId}/stream`, { headers, signal })
  onOpen()
  let timer: ReturnType<typeof setTimeout> | undefined
  const news = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      onNews()
    }, TOGETHER_MS)
  }
  for await (const { type, data } of serverSentEvents(body!)) {
    if (type === 'event') history.addEvents([JSON.parse(data) as LogEntry])
    if (type === 'log') history.addLines([JSON.parse(data) as LogLine])
    news()
    if (type === 'end') return true
  }
  return false
}

/** Whether anybody can see the tab. */
export function useIsShown(): boolean {
  const [isShown, setShown] = useState(!document.hidden)
  useEffect(() => {
    const changed = () => setShown(!document.hidden)
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }, [])
  return isShown
}
