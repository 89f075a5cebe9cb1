import { useCallback, useEffect, useState } from 'preact/hooks'
import { ask } from './client.ts'
import type { Problem } from './problem.ts'
import { usePolling } from './use-polling.ts'

export interface Answered<T> {
  /** The last answer; it stays while a later question fails. */
  data?: T
  /** Why the last question had no answer. */
  problem?: Problem
  reload: () => void
}

/**
 * The API's answer to a path, asked again after `every(data)` ms; never again where that is null. A null path asks
 * nothing.
 */
export function useApi<T>(path: string | null, every: (data: T | undefined) => number | null): Answered<T> {
  const [state, setState] = useState<{ path: string | null; data?: T; problem?: Problem }>({ path })
  const load = useCallback(
    async (signal: AbortSignal) => {
      if (path === null) return undefined
      try {
        const data = await ask<T>(path, { signal })
        setState({ path, data })
        return data
      } catch (error) {
        const problem = error as Problem
        if (!signal.aborted)
          setState((before) => ({ ...(before.path === path ? before : { path }), problem }))
        return undefined
      }
    },
    [path],
  )
  const reload = usePolling(load, every)
  useEffect(() => setState((before) => (before.path === path ? before : { path })), [path])
  const current = state.path === path ? state : {}
  return { ...current, reload }
}

/** For answers that do not change on their own. */
export const ONCE = () => null
