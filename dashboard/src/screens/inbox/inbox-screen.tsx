import { useEffect, useRef, useState } from 'preact/hooks'
import type { DecidedApproval, InboxPage } from '../../api/gate-views.ts'
import { ONCE, useApi } from '../../api/use-api.ts'
import { Pending } from '../../components/pending.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { DecidedApprovals } from './decided-approvals.tsx'
import { DecidedNow } from './decided-now.tsx'
import type { Inbox } from './use-inbox.ts'

/** What runs ask people, and what people have answered. */
export function InboxScreen({ inbox }: { inbox: Inbox }) {
  const { own, others, data, reload } = inbox
  const past = useApi<InboxPage>('/approvals?limit=100', ONCE)
  const [decided, setDecided] = useState<DecidedApproval[]>([])
  const said = useRef<HTMLDivElement>(null)
  // The card that had the focus is gone; from here, the next one is one Tab away.
  useEffect(() => {
    if (decided.length > 0) said.current?.focus()
  }, [decided.length])
  function onDecided(approval: DecidedApproval) {
    setDecided((before) => [approval, ...before])
    reload()
    past.reload()
  }
  const isDecided = ({ approvalId }: { approvalId: string }) =>
    decided.some((each) => each.approvalId === approvalId)
  const waiting = own.filter((approval) => !isDecided(approval))
  return (
    <>
      <h1>Inbox</h1>
      <Pending of={inbox} />
      <div ref={said} tabIndex={-1} role="status" class="said-now">
        {decided.map((approval) => (
          <DecidedNow key={approval.approvalId} approval={approval} />
        ))}
      </div>
      {data && waiting.length > 0 && <h2>For you to decide</h2>}
      {data && waiting.length === 0 && (
        <p class="quiet">
          Nothing waits for you. A run asks here when a stage has the gate <code>approval</code> and all its
          other gates let it through.
        </p>
      )}
      {waiting.map((approval) => (
        <ApprovalCard key={approval.approvalId} approval={approval} onDecided={onDecided} />
      ))}
      {others.length > 0 && (
        <>
          <h2>For somebody else to decide</h2>
          {others.map((approval) => (
            <ApprovalCard key={approval.approvalId} approval={approval} onDecided={onDecided} />
          ))}
        </>
      )}
      <DecidedApprovals of={past} />
    </>
  )
}
