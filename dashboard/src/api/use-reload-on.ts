import { useEffect, useRef } from 'preact/hooks'

/** Changes within this time lead to one question. */
const TOGETHER_MS = 150
/** A question has so much time to be answered before the next takes its place. */
const APART_MS = 1_000

/** Asks again, by `reload`, soon after `mark` has changed. */
export function useReloadOn(mark: string, reload: () => void): void {
  const latest = useRef(reload)
  latest.current = reload
  const seen = useRef(mark)
  const askedAt = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (mark === seen.current) return
    seen.current = mark
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined
        askedAt.current = Date.now()
        latest.current()
      },
      Math.max(TOGETHER_MS, askedAt.current + APART_MS - Date.now()),
    )
  }, [mark])
  useEffect(() => () => clearTimeout(timer.current), [])
}
