import type { Asked } from './answers.ts'
import { decided, openApprovals, pastApprovals } from './fixtures/approvals.ts'
import { drift } from './fixtures/drift.ts'
import { erosionWith, waivers } from './fixtures/erosion.ts'
import type {
  DecidedApproval,
  DriftReport,
  Erosion,
  InboxItem,
  InboxPage,
  Waiver,
} from '../../dashboard/src/api/gate-views.ts'
import { ProblemError } from '../../domain/problem.ts'

const DAY = 86_400_000

/** What the API says about approvals, waivers, erosion and drift, and what it was told. */
export class GateAnswers {
  readonly decisions: { approvalId: string; decision: string; comment: string }[] = []
  readonly granted: Record<string, unknown>[] = []
  readonly revoked = new Set<string>()
  /** Approvals that somebody else decides before the reader does. */
  readonly taken = new Set<string>()
  readonly #decided: InboxItem[] = []

  answer({ method, path, query, body, isEmpty }: Asked): unknown {
    const [resource, id = '', part, attempt] = path
    if (resource === 'approvals' && method === 'POST') return this.#decide(`${id}/${part}/${attempt}`, body)
    if (resource === 'approvals') return this.#inbox(query, isEmpty)
    if (resource === 'waivers' && method === 'DELETE') return this.#revoke(id)
    if (resource === 'waivers' && method === 'POST') return this.#grant(body)
    if (resource === 'workflows' && part === 'erosion') return erosionWith(this.revoked) satisfies Erosion
    if (resource === 'workflows' && part === 'drift') return drift satisfies DriftReport
    return undefined
  }

  #inbox(query: URLSearchParams, isEmpty: boolean): InboxPage {
    const open = openApprovals.filter(({ approvalId }) =>
      this.#decided.every((each) => each.approvalId !== approvalId),
    )
    const all = query.get('state') === 'open' ? open : [...open, ...this.#decided, ...pastApprovals]
    return { approvals: isEmpty ? [] : all, next: null }
  }

  #decide(approvalId: string, body: { decision: 'grant' | 'deny'; comment: string }): DecidedApproval {
    const asked = openApprovals.find((each) => each.approvalId === approvalId)!
    if (this.taken.has(approvalId))
      throw new ProblemError('approval.closed', `The approval ${approvalId} is granted by key_ada`)
    const approval = decided(asked, body)
    this.decisions.push({ approvalId, ...body })
    this.#decided.push({ ...approval, refusal: `The approval is ${approval.state}` })
    return { ...approval, runStatus: 'running' }
  }

  #grant(body: { workflow: string; stage: string; gate: string; reason: string; days: number }): Waiver {
    this.granted.push(body)
    const createdAt = Date.now()
    const { days, ...waiver } = body
    return {
      ...waiver,
      waiverId: 'wvr_new',
      author: 'key_reader',
      state: 'open',
      createdAt,
      expiresAt: createdAt + days * DAY,
    }
  }

  #revoke(waiverId: string): Waiver {
    this.revoked.add(waiverId)
    const { authorName: _, used: __, ...waiver } = waivers.find((each) => each.waiverId === waiverId)!
    return { ...waiver, workflow: 'support-agent', state: 'revoked' }
  }
}
