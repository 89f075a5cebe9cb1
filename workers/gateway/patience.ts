/**
 * The one timer and the one abort signal of an attempt. What is waited for changes, the timer only where it would come too
 * late: to set and clear one for each step took a tenth of the gateway's time.
 */
export interface Patience {
  readonly controller: AbortController
  /** When the attempt is ended, unless something is heard before. */
  until: number
  timer: ReturnType<typeof setTimeout> | undefined
  timerAt: number
  /** Whether it was the time that ended the attempt. */
  expired: boolean
}

export function startPatience(ms: number): Patience {
  const until = Date.now() + ms
  const patience: Patience = {
    controller: new AbortController(),
    until,
    timer: undefined,
    timerAt: until,
    expired: false,
  }
  patience.timer = setTimeout(expire, ms, patience)
  return patience
}

/** Waits for the next thing, from now on. */
export function waitUpTo(patience: Patience, ms: number): void {
  const now = Date.now()
  patience.until = now + ms
  if (patience.until >= patience.timerAt) return
  clearTimeout(patience.timer)
  setTimer(patience, now)
}

/** The timer itself is left alone: it finds nothing to end, or ends with the request. */
export function stopWaiting(patience: Patience): void {
  patience.until = Number.POSITIVE_INFINITY
}

/** Ends the attempt: the upstream is told, and stops to work (and to bill). */
export function giveUp(patience: Patience): void {
  stopWaiting(patience)
  patience.controller.abort()
}

function setTimer(patience: Patience, now: number): void {
  patience.timerAt = patience.until
  patience.timer = setTimeout(expire, Math.max(0, patience.until - now), patience)
}

function expire(patience: Patience): void {
  const now = Date.now()
  if (patience.until === Number.POSITIVE_INFINITY) return
  // Timers may come a millisecond early.
  if (patience.until > now + 1) return setTimer(patience, now)
  patience.expired = true
  patience.controller.abort()
}
