import { createRoute, z } from '@hono/zod-openapi'
import { and, eq } from 'drizzle-orm'
import { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Name, Ref } from '../../domain/ref.ts'
import { PortName } from '../../domain/workflow/source.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { triggers } from '../lineage/schema.ts'
import { findWorkflow } from '../registry/workflow-versions.ts'
import { MAX_BACKFILL_RUNS } from '../triggers/backfill-versions.ts'
import { findBackfill, startBackfill, statusesOf, type Backfill } from '../triggers/backfill.ts'
import { latestFirings } from '../triggers/firings.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

/** Firings of a workflow that are looked at, and of each of its triggers that are shown. */
const MAX_FIRINGS = 500
const SHOWN_FIRINGS = 10

const Firing = z.object({
  event: z.string(),
  runId: z.string().nullable(),
  refusal: z.string().nullable(),
  at: z.number(),
})
const TriggerView = z.object({
  trigger: z.string(),
  on: z.string(),
  subject: z.string(),
  definition: z.any(),
  workflowVersion: z.string(),
  author: z.string(),
  since: z.number(),
  nextDueAt: z.number().nullable(),
  firings: z.array(Firing),
})

/** A moment: ms since the epoch, or ISO 8601 with its offset. */
const Moment = z
  .union([z.number().int().min(0), z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((moment) => (typeof moment === 'number' ? moment : Date.parse(moment)))
  .openapi({ type: ['integer', 'string'], description: 'ms since the epoch, or ISO 8601' })

const BackfillBody = z.strictObject({
  input: PortName,
  versions: z.array(Ref).optional(),
  name: Name.optional().openapi({ description: 'Whose versions; by default those of the input’s default' }),
  from: Moment.optional(),
  to: Moment.optional(),
  inputs: z.record(PortName, Json).default({}),
  version: z.string().optional(),
  limit: z.number().int().min(1).max(MAX_BACKFILL_RUNS).default(MAX_BACKFILL_RUNS),
})
const BackfillView = z.object({
  backfillId: z.string(),
  workflow: z.string(),
  workflowVersion: z.string(),
  input: z.string(),
  author: z.string(),
  createdAt: z.number(),
  counts: z.record(z.string(), z.number()),
  runs: z.array(z.object({ ref: z.string(), runId: z.string(), status: z.string() })),
})

const list = createRoute({
  method: 'get',
  path: '/workflows/{workflow}/triggers',
  summary: 'Triggers in force, when each is due next and what it last came to',
  middleware: [requireScope('read')],
  request: { params: z.object({ workflow: Name }) },
  responses: { 200: json(z.object({ triggers: z.array(TriggerView) }), 'The triggers'), ...refusals },
})

const create = createRoute({
  method: 'post',
  path: '/workflows/{workflow}/backfills',
  summary: 'Start a run for each of many versions of an input, the oldest first',
  description:
    'The versions are named, or are those registered `from` (inclusive) … `to` (exclusive). The runs give way to others; ' +
    'those that the request does not start are started over the next minutes. More versions than `limit` are refused. A ' +
    'repeated `Idempotency-Key` answers with the backfill that it started.',
  middleware: [requireScope('run')],
  request: {
    params: z.object({ workflow: Name }),
    headers: z.object({ 'idempotency-key': z.string().max(200).optional() }),
    body: body(BackfillBody),
  },
  responses: { 201: json(BackfillView, 'The backfill'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/backfills/{backfillId}',
  summary: 'A backfill with its runs; `pending` are those that have not been started',
  middleware: [requireScope('read')],
  request: { params: z.object({ backfillId: z.string().regex(/^bf_[a-z0-9]+$/) }) },
  responses: { 200: json(BackfillView, 'The backfill'), ...refusals },
})

export const triggersApi = router()
  .openapi(list, async (c) => {
    const { project } = c.get('caller')
    const { workflow } = c.req.valid('param')
    const db = lineage(c.env.LINEAGE)
    await findWorkflow(db, project, workflow)
    const rows = await db
      .select()
      .from(triggers)
      .where(and(eq(triggers.projectId, project), eq(triggers.workflow, workflow)))
      .orderBy(triggers.trigger)
    const firings = Object.groupBy(
      await latestFirings(db, project, workflow, MAX_FIRINGS),
      ({ trigger }) => trigger,
    )
    const views = rows.map((row) => ({
      trigger: row.trigger,
      on: row.kind,
      subject: row.subject,
      definition: row.definition,
      workflowVersion: row.workflowVersion,
      author: row.author,
      since: row.updatedAt,
      nextDueAt: row.nextDueAt,
      firings: (firings[row.trigger] ?? [])
        .slice(0, SHOWN_FIRINGS)
        .map(({ event, runId, refusal, at }) => ({ event, runId, refusal, at })),
    }))
    return c.json({ triggers: views }, 200)
  })
  .openapi(create, async (c) => {
    const { workflow } = c.req.valid('param')
    const key = c.req.valid('header')['idempotency-key']
    const backfill = await startBackfill(c.env, c.get('caller'), { ...c.req.valid('json'), workflow, key })
    return c.json(await viewBackfill(c.env, backfill), 201)
  })
  .openapi(read, async (c) => {
    const { backfillId } = c.req.valid('param')
    const backfill = await findBackfill(lineage(c.env.LINEAGE), c.get('caller').project, backfillId)
    if (!backfill) throw new ProblemError('not.found', `There is no backfill ${backfillId}`)
    return c.json(await viewBackfill(c.env, backfill), 200)
  })

async function viewBackfill(env: Env, backfill: Backfill): Promise<z.infer<typeof BackfillView>> {
  const { projectId: _, ...view } = backfill
  const statuses = await statusesOf(env.LINEAGE, backfill)
  const runs = backfill.runs.map((run) => ({ ...run, status: statuses.get(run.runId) ?? 'pending' }))
  const counts: Record<string, number> = {}
  for (const { status } of runs) counts[status] = (counts[status] ?? 0) + 1
  return { ...view, counts, runs }
}
