import { createRoute, z } from '@hono/zod-openapi'
import { APPROVAL_STATES, DECISIONS } from '../../domain/approvals/decision.ts'
import { Name } from '../../domain/ref.ts'
import { listApprovals } from '../gates/approvals.ts'
import { decideApproval } from '../gates/decide-approval.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { body, json, Page, refusals, router } from './openapi.ts'

const Approval = z.object({
  approvalId: z.string(),
  runId: z.string(),
  workflow: z.string(),
  stage: z.string(),
  attempt: z.number(),
  question: z.string(),
  runAuthor: z.string(),
  approvers: z.array(z.string()).nullable().openapi({ description: 'Names of the keys that may decide' }),
  authorMayApprove: z.boolean(),
  state: z.enum(APPROVAL_STATES),
  decidedBy: z.string().nullable(),
  comment: z.string().nullable(),
  requestedAt: z.number(),
  deadlineAt: z.number(),
  decidedAt: z.number().nullable(),
})

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'The inbox: stages that wait for a person’s decision, and what was decided; newest first',
  middleware: [requireScope('read')],
  request: { query: Page.extend({ state: z.enum(APPROVAL_STATES).optional() }) },
  responses: {
    200: json(
      z.object({
        approvals: z.array(
          Approval.extend({
            refusal: z
              .string()
              .nullable()
              .openapi({ description: 'Why the caller may not decide; null when they may' }),
          }),
        ),
        next: z.number().nullable(),
      }),
      'A page of approvals',
    ),
    ...refusals,
  },
})

const decide = createRoute({
  method: 'post',
  path: '/{runId}/{stage}/{attempt}',
  summary: 'Grant or deny an approval',
  description:
    'The first decision stands. The same call again, by the same key, is answered as the first was.',
  middleware: [requireScope('approve')],
  request: {
    params: z.object({
      runId: z.string().regex(/^run_[a-z0-9]+$/, 'must be the id of a run'),
      stage: Name,
      attempt: z.coerce.number().int().min(1),
    }),
    body: body(
      z
        .strictObject({ decision: z.enum(DECISIONS), comment: z.string().trim().max(2000).default('') })
        .refine(({ decision, comment }) => decision === 'grant' || comment !== '', {
          path: ['comment'],
          message: 'say why it is denied',
        }),
    ),
  },
  responses: {
    200: json(
      Approval.extend({
        runStatus: z.string().nullable().openapi({ description: 'Of the run, once it knew the decision' }),
      }),
      'The decided approval',
    ),
    ...refusals,
  },
})

export const approvalsApi = router()
  .openapi(list, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, limit, state } = c.req.valid('query')
    const filter = { before, limit, state }
    const rows = await listApprovals(lineage(c.env.LINEAGE), c.get('caller'), filter, Date.now())
    return c.json({ approvals: rows, next: rows.length === limit ? rows.at(-1)!.requestedAt : null }, 200)
  })
  .openapi(decide, async (c) => {
    const of = c.req.valid('param')
    const { approval, runStatus } = await decideApproval(
      c.env,
      c.get('caller'),
      of,
      c.req.valid('json'),
      Date.now(),
    )
    return c.json({ ...approval, runStatus }, 200)
  })
