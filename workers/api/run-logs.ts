import { createRoute, z } from '@hono/zod-openapi'
import { LOG_LEVELS, type StageLogLine } from '../../durable-objects/stage-log.ts'
import type { Env } from '../env.ts'
import { runLogPrefix } from '../registry/keys.ts'
import { readNdjson } from '../registry/ndjson.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'
import { describeRun, RunId } from './run-view.ts'

const LogLine = z.object({
  line: z.number(),
  at: z.number(),
  stage: z.string(),
  attempt: z.number(),
  level: z.enum(LOG_LEVELS),
  message: z.string(),
  fields: z.record(z.string(), z.any()),
})

/** Lines that one page holds at most. */
const PAGE_LINES = 1_000

const logs = createRoute({
  method: 'get',
  path: '/runs/{runId}/logs',
  summary: 'What the stages of a run logged, oldest first',
  middleware: [requireScope('read')],
  request: {
    params: RunId,
    query: z.object({
      after: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .openapi({ description: 'Number of the last line read' }),
      stage: z.string().optional(),
    }),
  },
  responses: { 200: json(z.object({ lines: z.array(LogLine) }), 'Up to 1,000 lines'), ...refusals },
})

const stream = createRoute({
  method: 'get',
  path: '/runs/{runId}/stream',
  summary: 'Events and log lines of a run as they come, as server-sent events',
  description:
    'Messages are of type `event`, `log` or, when the run has ended, `end`. A client that comes back sends `Last-Event-ID` and misses nothing.',
  middleware: [requireScope('read')],
  request: { params: RunId, headers: z.object({ 'last-event-id': z.string().optional() }) },
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
    ...refusals,
  },
})

export const runLogs = router()
  .openapi(logs, async (c) => {
    const { runId } = c.req.valid('param')
    const { project } = c.get('caller')
    const { after, stage } = c.req.valid('query')
    await describeRun(c.env, project, runId)
    const lines = await readLog(c.env, project, runId, after)
    const wanted = stage === undefined ? lines : lines.filter((line) => line.stage === stage)
    return c.json({ lines: wanted.slice(0, PAGE_LINES) }, 200)
  })
  .openapi(stream, async (c) => {
    const { runId } = c.req.valid('param')
    await describeRun(c.env, c.get('caller').project, runId)
    const [event, line] = (c.req.valid('header')['last-event-id'] ?? '0.0').split('.').map(Number)
    const from = { event: event || 0, line: line || 0 }
    const body = await c.env.WORKFLOW_RUN.getByName(runId).follow(from)
    return new Response(body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    }) as never
  })

/** Lines from R2, and those that the run still holds. The run is asked first: a line moves to R2 before it leaves. */
async function readLog(env: Env, project: string, runId: string, after: number): Promise<StageLogLine[]> {
  const held = await env.WORKFLOW_RUN.getByName(runId).logLines(after)
  const { objects } = await env.ARTIFACTS.list({ prefix: runLogPrefix(project, runId) })
  const stored: StageLogLine[] = []
  for (const { key } of objects) {
    stored.push(...(await readNdjson<StageLogLine>(env.ARTIFACTS, key)).filter(({ line }) => line > after))
    if (stored.length >= PAGE_LINES) return stored
  }
  const last = stored.at(-1)?.line ?? after
  return [...stored, ...held.filter(({ line }) => line > last)]
}
