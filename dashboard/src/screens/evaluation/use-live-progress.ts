import { useEffect, useState } from 'preact/hooks'
import { request } from '../../api/client.ts'
import type { EvaluationSummary } from '../../api/evaluation-views.ts'
import { serverSentEvents } from '../../api/server-sent-events.ts'
import { useIsShown } from '../run/use-run-stream.ts'

/** Wait before a stream that broke is tried again; meanwhile the evaluation is asked for. */
const RETRY_MS = 10_000

type Progress = EvaluationSummary['progress']

/** Progress as it comes by the API's stream, while `isWanted` and somebody looks; nothing where no stream comes through. */
export function useLiveProgress(evaluationId: string, isWanted: boolean): Progress | undefined {
  const [progress, setProgress] = useState<Progress>()
  const isShown = useIsShown()
  useEffect(() => {
    if (!isWanted || !isShown) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const left = new AbortController()
    async function connect() {
      const hasEnded = await follow(evaluationId, setProgress, left.signal).catch(() => false)
      if (left.signal.aborted || hasEnded) return
      setProgress(undefined)
      timer = setTimeout(() => void connect(), RETRY_MS)
    }
    void connect()
    return () => {
      left.abort()
      clearTimeout(timer)
      setProgress(undefined)
    }
  }, [evaluationId, isWanted, isShown])
  return progress
}

/** True when the evaluation has ended, false when the stream has. */
async function follow(
  evaluationId: string,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { body } = await request(`/evaluations/${encodeURIComponent(evaluationId)}/events`, { signal })
  for await (const { type, data } of serverSentEvents(body!)) {
    if (type !== 'progress' && type !== 'end') continue
    onProgress(JSON.parse(data) as Progress)
    if (type === 'end') return true
  }
  return false
}
