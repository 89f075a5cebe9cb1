import type { InboxItem, InboxPage } from '../../api/gate-views.ts'
import { useApi, type Answered } from '../../api/use-api.ts'

const REFRESH_MS = 10_000
const PAGE_APPROVALS = 100

export interface Inbox extends Answered<InboxPage> {
  /** Those that the reader may decide, the closest deadline first. */
  own: InboxItem[]
  /** Those that somebody else has to decide. */
  others: InboxItem[]
}

/** The decisions that runs wait for. */
export function useInbox(isSignedIn: boolean): Inbox {
  const path = isSignedIn ? `/approvals?state=open&limit=${PAGE_APPROVALS}` : null
  const answered = useApi<InboxPage>(path, () => REFRESH_MS)
  const open = (answered.data?.approvals ?? []).toSorted((a, b) => a.deadlineAt - b.deadlineAt)
  return {
    ...answered,
    own: open.filter(({ refusal }) => refusal === null),
    others: open.filter(({ refusal }) => refusal !== null),
  }
}
