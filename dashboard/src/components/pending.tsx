import type { Answered } from '../api/use-api.ts'
import { ProblemNotice } from './problem-notice.tsx'

/** What stands where an answer is not there yet, or where the last one is out of date. */
export function Pending({ of: { data, problem } }: { of: Answered<unknown> }) {
  if (problem) return <ProblemNotice problem={problem} />
  return data === undefined ? <p class="quiet">Loading…</p> : null
}
