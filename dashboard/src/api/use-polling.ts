import { useEffect, useRef, useState } from 'preact/hooks'

/** Wait after a failure, so that a stack that restarts is found again. */
const AFTER_FAILURE_MS = 5_000

/**
 * Runs `load` now and again after `every(result)` ms. A hidden tab asks nothing, and catches up when it is shown.
 * Answers a function that runs it at once.
 */
export function usePolling<T>(
  load: (signal: AbortSignal) => Promise<T | undefined>,
  every: (result: T | undefined) => number | null,
): () => void {
  const [round, setRound] = useState(0)
  const interval = useRef(every)
  interval.current = every
  useEffect(() => {
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let isDue = false
    async function tick() {
      isDue = false
      const result = await load(abort.signal)
      if (abort.signal.aborted) return
      const wait = interval.current(result)
      if (wait !== null)
        timer = setTimeout(due, result === undefined ? Math.max(wait, AFTER_FAILURE_MS) : wait)
    }
    function due() {
      if (document.hidden) isDue = true
      else void tick()
    }
    function shown() {
      if (!document.hidden && isDue) void tick()
    }
    document.addEventListener('visibilitychange', shown)
    void tick()
    return () => {
      abort.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', shown)
    }
  }, [load, round])
  return () => setRound((before) => before + 1)
}
