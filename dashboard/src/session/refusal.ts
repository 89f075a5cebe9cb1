import { useEffect, useState } from 'preact/hooks'
import type { Problem } from '../api/problem.ts'

const REFUSED = 'sluice:refused'

/** Tells the app that the key is not, or no longer, a valid one. */
export function announceRefusal(problem: Problem): void {
  dispatchEvent(new CustomEvent(REFUSED, { detail: problem }))
}

/** The problem that the API refused the key with, and a way to forget it. */
export function useRefusal(): [Problem | undefined, () => void] {
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    const refused = (event: Event) => setProblem((event as CustomEvent<Problem>).detail)
    addEventListener(REFUSED, refused)
    return () => removeEventListener(REFUSED, refused)
  }, [])
  return [problem, () => setProblem(undefined)]
}
