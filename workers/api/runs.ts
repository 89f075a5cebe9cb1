import { createRoute, z } from '@hono/zod-openapi'
import { RunEvent } from '../../domain/run/event.ts'
import { Json } from '../../domain/json.ts'
import { Name } from '../../domain/ref.ts'
import { lineage } from '../lineage/db.ts'
import { listRuns } from '../lineage/runs.ts'
import { startRun } from '../runs/start-run.ts'
import { requireScope } from './auth.ts'
import { describeRun, Run, RunId, RunRow, viewRun } from './run-view.ts'
import { body, json, Page, refusals, router } from './openapi.ts'

/** A repeated key answers with what it started the first time. */
export const IdempotencyKey = z.object({ 'idempotency-key': z.string().max(200).optional() })
export const Started = z.object({ runId: z.string(), workflow: z.string(), workflowVersion: z.string() })
const LogEntry = z.object({
  seq: z.number(),
  at: z.number(),
  dedupeKey: z.string(),
  event: RunEvent,
  ignored: z.string().nullable(),
})

const start = createRoute({
  method: 'post',
  path: '/workflows/{workflow}/runs',
  summary: 'Start a run',
  description:
    'Inputs are pinned to versions now. A repeated `Idempotency-Key` answers with the run that it started.',
  middleware: [requireScope('run')],
  request: {
    params: z.object({ workflow: Name }),
    headers: IdempotencyKey,
    body: body(
      z.strictObject({
        /** Refs of artifacts, and plain values. */
        inputs: z.record(z.string(), Json).default({}),
        version: z.string().optional(),
        /** Runs that wait for the same slot start in this order, highest first. */
        priority: z.number().int().min(-100).max(100).default(0),
        /** Stages that take over no earlier work; `true` for all. */
        force: z.union([z.literal(true), z.array(Name)]).default([]),
      }),
    ),
  },
  responses: { 201: json(Started, 'The run'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/runs',
  summary: 'Runs, newest first',
  middleware: [requireScope('read')],
  request: { query: Page },
  responses: {
    200: json(z.object({ runs: z.array(RunRow), next: z.number().nullable() }), 'A page of runs'),
    ...refusals,
  },
})

const read = createRoute({
  method: 'get',
  path: '/runs/{runId}',
  summary: 'A run with its stages and gate verdicts, as its object knows it now',
  middleware: [requireScope('read')],
  request: { params: RunId },
  responses: { 200: json(Run, 'The run'), ...refusals },
})

const events = createRoute({
  method: 'get',
  path: '/runs/{runId}/events',
  summary: 'The event log of a run, in order',
  middleware: [requireScope('read')],
  request: { params: RunId, query: z.object({ after: z.coerce.number().int().min(0).default(0) }) },
  responses: { 200: json(z.object({ events: z.array(LogEntry) }), 'Up to 500 events'), ...refusals },
})

export const runsApi = router()
  .openapi(start, async (c) => {
    const { workflow } = c.req.valid('param')
    const { inputs, version, priority, force } = c.req.valid('json')
    const key = c.req.valid('header')['idempotency-key']
    // In a space of their own: what Sluice starts by itself has keys too.
    const own = key === undefined ? undefined : `request/${key}`
    const request = { workflow, inputs, version, key: own, priority, force }
    const run = await startRun(c.env, c.get('caller'), request)
    return c.json(run, 201)
  })
  .openapi(list, async (c) => {
    const { before, limit } = c.req.valid('query')
    const rows = await listRuns(
      lineage(c.env.LINEAGE),
      c.get('caller').project,
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    )
    return c.json({ runs: rows, next: rows.length === limit ? rows.at(-1)!.createdAt : null }, 200)
  })
  .openapi(read, async (c) => {
    const { runId } = c.req.valid('param')
    const described = await describeRun(c.env, c.get('caller').project, runId)
    return c.json(await viewRun(c.env, described), 200)
  })
  .openapi(events, async (c) => {
    const { runId } = c.req.valid('param')
    await describeRun(c.env, c.get('caller').project, runId)
    const log = await c.env.WORKFLOW_RUN.getByName(runId).events(c.req.valid('query').after)
    return c.json({ events: log }, 200)
  })
