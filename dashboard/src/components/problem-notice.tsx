import type { Problem } from '../api/problem.ts'
import { Icon } from './icon.tsx'

/** What went wrong, in the API's own words. */
export function ProblemNotice({ problem }: { problem: Problem }) {
  return (
    <div class="notice bad" role="alert">
      <Icon shape="cross" />
      <div>
        <strong>{problem.title}</strong>
        <p>{problem.message}</p>
        <small>
          {problem.status > 0 && `HTTP ${problem.status} · `}
          {problem.code}
        </small>
      </div>
    </div>
  )
}
