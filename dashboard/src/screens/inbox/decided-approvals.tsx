import type { InboxPage } from '../../api/gate-views.ts'
import type { Answered } from '../../api/use-api.ts'
import { Moment } from '../../components/moment.tsx'
import { Pending } from '../../components/pending.tsx'
import { StatusMark } from '../../components/status-mark.tsx'
import { Link } from '../../navigation/link.tsx'

/** Who decided what, when, and with which words; newest first. */
export function DecidedApprovals({ of: answered }: { of: Answered<InboxPage> }) {
  const decided = answered.data?.approvals.filter(({ state }) => state !== 'open') ?? []
  return (
    <section aria-labelledby="decided">
      <h2 id="decided">Decided</h2>
      <Pending of={answered} />
      {answered.data && decided.length === 0 && <p class="quiet">Nothing was asked before.</p>}
      {decided.length > 0 && (
        <div class="card scroll" role="region" aria-label="Decided approvals" tabIndex={0}>
          <table class="stacked">
            <thead>
              <tr>
                <th scope="col">Outcome</th>
                <th scope="col">Question</th>
                <th scope="col">Run</th>
                <th scope="col">Who</th>
                <th scope="col">When</th>
                <th scope="col">Comment</th>
              </tr>
            </thead>
            <tbody>
              {decided.map(
                ({
                  approvalId,
                  state,
                  question,
                  runId,
                  stage,
                  decidedBy,
                  decidedAt,
                  deadlineAt,
                  comment,
                }) => (
                  <tr key={approvalId}>
                    <td>
                      <StatusMark status={state} />
                    </td>
                    <td class="said">{question}</td>
                    <td>
                      {stage} of <Link href={`/runs/${runId}`}>{runId}</Link>
                    </td>
                    <td>{decidedBy ?? <span class="quiet">nobody</span>}</td>
                    <td>
                      <Moment at={decidedAt ?? deadlineAt} />
                    </td>
                    <td class="said">{comment || <span class="quiet">none</span>}</td>
                  </tr>
                ),
              )}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
