import { createRoute, z } from '@hono/zod-openapi'
import { listDeadLetters, replayDeadLetter } from '../dead-letters/replay.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { json, Page, refusals, router } from './openapi.ts'

const DeadLetter = z.object({
  deadLetterId: z.string(),
  queue: z.string(),
  body: z.any(),
  at: z.number(),
  replayedAt: z.number().nullable(),
})

const letters = createRoute({
  method: 'get',
  path: '/dead-letters',
  summary: 'Queue messages that failed every retry, newest first',
  middleware: [requireScope('read')],
  request: { query: Page },
  responses: {
    200: json(
      z.object({ deadLetters: z.array(DeadLetter), next: z.number().nullable() }),
      'A page of letters',
    ),
    ...refusals,
  },
})

const replay = createRoute({
  method: 'post',
  path: '/dead-letters/{deadLetterId}/replay',
  summary: 'Send a dead letter through its queue again',
  middleware: [requireScope('admin')],
  request: { params: z.object({ deadLetterId: z.string() }) },
  responses: { 202: json(DeadLetter, 'The letter'), ...refusals },
})

const lock = createRoute({
  method: 'get',
  path: '/locks/{target}',
  summary: 'Who holds the gate lock of a target, and who waits for it, in order',
  description: 'A target is `route:NAME`, or an alias such as `model:NAME@production`.',
  middleware: [requireScope('read')],
  request: { params: z.object({ target: z.string().max(200) }) },
  responses: {
    200: json(z.object({ fence: z.number(), holders: z.array(z.string()) }), 'The lock'),
    ...refusals,
  },
})

/** What an operator looks at when something is stuck. */
export const operations = router()
  .openapi(letters, async (c) => {
    const { before, limit } = c.req.valid('query')
    const db = lineage(c.env.LINEAGE)
    const rows = await listDeadLetters(db, c.get('caller').project, before ?? Number.MAX_SAFE_INTEGER, limit)
    const next = rows.length === limit ? rows.at(-1)!.at : null
    return c.json({ deadLetters: rows, next }, 200)
  })
  .openapi(replay, async (c) => {
    const { deadLetterId } = c.req.valid('param')
    return c.json(await replayDeadLetter(c.env, c.get('caller'), deadLetterId), 202)
  })
  .openapi(lock, async (c) => {
    const { target } = c.req.valid('param')
    return c.json(await c.env.GATE_LOCK.getByName(`${c.get('caller').project}/${target}`).inspect(), 200)
  })
