import { createRoute, z } from '@hono/zod-openapi'
import { sseMessage, type FollowFrom } from '../../durable-objects/run-followers.ts'
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
  responses: {
    200: json(
      z.object({ lines: z.array(LogLine), next: z.number().nullable() }),
      'Of up to 1,000 lines, those that are asked for; `next` is where the next page begins',
    ),
    ...refusals,
  },
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
    const next = lines.length === PAGE_LINES ? lines.at(-1)!.line : null
    const wanted = stage === undefined ? lines : lines.filter((line) => line.stage === stage)
    return c.json({ lines: wanted, next }, 200)
  })
  .openapi(stream, async (c) => {
    const { runId } = c.req.valid('param')
    const { project } = c.get('caller')
    await describeRun(c.env, project, runId)
    const [event, line] = (c.req.valid('header')['last-event-id'] ?? '0.0').split('.').map(Number)
    const from = { event: event || 0, line: line || 0 }
    return new Response(liveFrom(c.env, project, runId, from), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    }) as never
  })

/** Lines that are in R2 already come first, then what the run itself has and gets. */
function liveFrom(env: Env, project: string, runId: string, from: FollowFrom): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream()
  const send = async () => {
    const writer = writable.getWriter()
    for await (const line of storedLines(env, project, runId, from.line)) {
      from.line = line.line
      await writer.write(sseMessage('log', from, line))
    }
    writer.releaseLock()
    const live = await env.WORKFLOW_RUN.getByName(runId).follow(from)
    await live.pipeTo(writable)
  }
  send().catch(async (error: unknown) => {
    // Whoever followed has gone, as a rule.
    console.info({ message: 'stream ended', runId, error: String(error) })
    await writable.abort(error).catch(() => undefined)
  })
  return readable
}

/** A page of lines: from R2, and those that the run still holds. The run is asked first: a line is in R2 before it leaves. */
async function readLog(env: Env, project: string, runId: string, after: number): Promise<StageLogLine[]> {
  const held = await env.WORKFLOW_RUN.getByName(runId).logLines(after, PAGE_LINES)
  const lines: StageLogLine[] = []
  for await (const line of storedLines(env, project, runId, after)) {
    lines.push(line)
    if (lines.length === PAGE_LINES) return lines
  }
  const last = lines.at(-1)?.line ?? after
  return [...lines, ...held.filter(({ line }) => line > last)].slice(0, PAGE_LINES)
}

/** Lines in R2 after the given one. A part is named by its first line, so that earlier parts need not be read. */
async function* storedLines(
  env: Env,
  project: string,
  runId: string,
  after: number,
): AsyncGenerator<StageLogLine> {
  const parts = await listAll(env, runLogPrefix(project, runId))
  const first = parts.findLastIndex((key) => firstLineOf(key) <= after + 1)
  for (const key of parts.slice(Math.max(0, first))) {
    for (const line of await readNdjson<StageLogLine>(env.ARTIFACTS, key)) if (line.line > after) yield line
  }
}

function firstLineOf(key: string): number {
  return Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 10)
}

async function listAll(env: Env, prefix: string): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await env.ARTIFACTS.list({ prefix, ...(cursor ? { cursor } : {}) })
    found.push(...page.objects.map(({ key }) => key))
    cursor = page.truncated ? page.cursor : undefined
  } while (cursor !== undefined)
  return found
}
