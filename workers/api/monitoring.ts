import { createRoute, z } from '@hono/zod-openapi'
import { and, count, desc, eq, gte, lt } from 'drizzle-orm'
import type { Finding } from '../../domain/monitoring/flag.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import { lineage } from '../lineage/db.ts'
import { incidents, sweeps, traces } from '../lineage/schema.ts'
import { measureProject } from '../monitoring/measure.ts'
import { startSweep } from '../monitoring/sweep.ts'
import { requireScope } from './auth.ts'
import { Page, body, json, refusals, router } from './openapi.ts'

const DAY_MS = 86_400_000
const Incident = z.object({
  incidentId: z.string(),
  route: z.string(),
  routeVersion: z.string(),
  cohort: z.string(),
  sweepId: z.string(),
  kind: z.enum(['cohort', 'waiver']),
  state: z.enum(['open', 'acknowledged', 'resolved']),
  sentence: z.string(),
  openedAt: z.number(),
  resolvedAt: z.number().nullable(),
})
const TraceRow = z.object({
  traceId: z.string(),
  spanId: z.string(),
  routeVersion: z.string(),
  epoch: z.number().nullable(),
  arm: z.string().nullable(),
  target: z.string(),
  model: z.string(),
  cohort: z.string(),
  status: z.string(),
  outcome: z.string().nullable(),
  fallbackReason: z.string().nullable(),
  attempts: z.number().nullable(),
  latencyMs: z.number(),
  ttftMs: z.number().nullable(),
  inputTokens: z.number().nullable(),
  outputTokens: z.number().nullable(),
  costUsd: z.number().nullable(),
  at: z.number(),
})
const FindingView = z.object({
  metric: z.string(),
  cohort: z.string(),
  n: z.number(),
  mean: z.number(),
  upper: z.number(),
  threshold: z.number(),
  baseline: z.number(),
  flagged: z.boolean(),
})
/** The span is not named in sweeps from when there was one call a trace. */
const SampledCall = z.object({
  traceId: z.string(),
  spanId: z.string().exactOptional(),
  cohort: z.string(),
  probability: z.number(),
})
const RouteName = z.object({ route: Name })

const start = createRoute({
  method: 'post',
  path: '/routes/{route}/sweeps',
  summary: 'Sample a route’s traces, score them, and flag cohorts below their threshold',
  middleware: [requireScope('run')],
  request: {
    params: RouteName,
    body: body(
      z.strictObject({
        from: z
          .number()
          .int()
          .optional()
          .openapi({ description: 'ms since the epoch; a day ago when absent' }),
        to: z.number().int().optional(),
        seed: z.string().min(1).max(100).optional(),
      }),
    ),
  },
  responses: { 202: json(z.object({ sweepId: z.string() }), 'The sweep'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/sweeps/{sweepId}',
  summary: 'A sweep: its sample and its findings',
  middleware: [requireScope('read')],
  request: { params: z.object({ sweepId: z.string() }) },
  responses: {
    200: json(
      z.object({
        sweepId: z.string(),
        route: z.string(),
        status: z.string(),
        seed: z.string(),
        sample: z.array(SampledCall),
        findings: z.array(FindingView),
      }),
      'The sweep',
    ),
    ...refusals,
  },
})

const Flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true')
const TracePage = Page.extend({
  from: z.coerce.number().int().default(0),
  shadow: Flag.openapi({ description: 'Instead, what the shadow target said, which nobody was sent' }),
  refused: Flag.openapi({ description: 'Instead, the requests that guardrails refused' }),
  traceId: z.string().optional().openapi({ description: 'Only the calls of this trace' }),
})

const listTraces = createRoute({
  method: 'get',
  path: '/routes/{route}/traces',
  summary: 'Traces of a route, one a call, newest first',
  description: 'A page ends with all calls of its last millisecond: it may be longer than `limit`.',
  middleware: [requireScope('read')],
  request: { params: RouteName, query: TracePage },
  responses: {
    200: json(
      z.object({ total: z.number(), traces: z.array(TraceRow), next: z.number().nullable() }),
      'A page of traces',
    ),
    ...refusals,
  },
})

const listIncidents = createRoute({
  method: 'get',
  path: '/incidents',
  summary: 'Incidents, newest first',
  middleware: [requireScope('read')],
  request: { query: z.object({ state: z.enum(['open', 'acknowledged', 'resolved']).optional() }) },
  responses: { 200: json(z.object({ incidents: z.array(Incident) }), 'The incidents'), ...refusals },
})

const measures = createRoute({
  method: 'get',
  path: '/measures',
  summary: 'The six measures of the project, each with what it was counted from',
  middleware: [requireScope('read')],
  request: { query: z.object({ days: z.coerce.number().int().min(1).max(366).default(28) }) },
  responses: { 200: json(z.any(), 'The measures'), ...refusals },
})

export const monitoring = router()
  .openapi(start, async (c) => {
    const now = Date.now()
    const { from = now - DAY_MS, to = now, seed } = c.req.valid('json')
    const sweepId = await startSweep(c.env, {
      project: c.get('caller').project,
      route: c.req.valid('param').route,
      from,
      to,
      seed: seed ?? new Date(now).toISOString(),
      now,
    })
    return c.json({ sweepId }, 202)
  })
  .openapi(read, async (c) => {
    const { sweepId } = c.req.valid('param')
    const [row] = await lineage(c.env.LINEAGE)
      .select()
      .from(sweeps)
      .where(and(eq(sweeps.projectId, c.get('caller').project), eq(sweeps.sweepId, sweepId)))
    if (!row) throw new ProblemError('not.found', `There is no sweep ${sweepId}`)
    const { route, status, seed } = row
    const sample = row.sample as z.infer<typeof SampledCall>[]
    return c.json(
      { sweepId, route, status, seed, sample, findings: row.findings as unknown as Finding[] },
      200,
    )
  })
  .openapi(listTraces, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, from, limit, traceId, ...beside } = c.req.valid('query')
    const { route } = c.req.valid('param')
    const db = lineage(c.env.LINEAGE)
    const since = and(
      eq(traces.projectId, c.get('caller').project),
      eq(traces.route, recordedUnder(route, beside)),
      gte(traces.at, from),
      traceId === undefined ? undefined : eq(traces.traceId, traceId),
    )
    const [counted] = await db.select({ total: count() }).from(traces).where(since)
    const older = and(since, lt(traces.at, before))
    const [last] = await db
      .select({ at: traces.at })
      .from(traces)
      .where(older)
      .orderBy(desc(traces.at))
      .limit(1)
      .offset(limit - 1)
    const rows = await db
      .select()
      .from(traces)
      .where(last ? and(older, gte(traces.at, last.at)) : older)
      .orderBy(desc(traces.at))
    return c.json({ total: counted!.total, traces: rows, next: last?.at ?? null }, 200)
  })
  .openapi(listIncidents, async (c) => {
    const { state } = c.req.valid('query')
    const rows = await lineage(c.env.LINEAGE)
      .select()
      .from(incidents)
      .where(
        and(eq(incidents.projectId, c.get('caller').project), ...(state ? [eq(incidents.state, state)] : [])),
      )
      .orderBy(desc(incidents.openedAt))
      .limit(100)
    return c.json({ incidents: rows }, 200)
  })
  .openapi(measures, async (c) => {
    const now = Date.now()
    const from = now - c.req.valid('query').days * DAY_MS
    return c.json(await measureProject(c.env, c.get('caller').project, from, now), 200)
  })

/** The name under which the gateway records a route's calls: those that gates and sweeps judge, or those beside them. */
function recordedUnder(route: string, { shadow, refused }: { shadow: boolean; refused: boolean }): string {
  if (shadow && refused)
    throw new ProblemError('request.invalid', 'refused: ask for shadow or refused, one at a time', {
      field: 'refused',
    })
  if (shadow) return `${route}:shadow`
  return refused ? `${route}:refused` : route
}
