import { createRoute, z } from '@hono/zod-openapi'
import { Name } from '../../domain/ref.ts'
import { lineage } from '../lineage/db.ts'
import { propagationOf } from '../lineage/propagation.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

/** Traces on each side of an activation that are counted when nobody says, and at most. */
const DEFAULT_WINDOW_S = 300
const MAX_WINDOW_S = 3_600

const Propagation = z.object({
  route: z.string(),
  routeVersion: z.string(),
  epoch: z.number(),
  activatedAt: z.number().openapi({ description: 'ms since the epoch, as all times here' }),
  lastOnOlder: z
    .number()
    .nullable()
    .openapi({ description: 'Arrival of the last request that an older route table served' }),
  ms: z
    .number()
    .nullable()
    .openapi({ description: 'lastOnOlder less activatedAt; below 0 when no request met an older table' }),
  firstOnNewer: z.number().nullable(),
  requests: z.object({
    older: z.number(),
    late: z.number().openapi({ description: 'Of those on an older table, the ones after the activation' }),
    newer: z.number(),
  }),
})

const read = createRoute({
  method: 'get',
  path: '/routes/{route}/propagation',
  summary: 'How fast a change of a route came into force, by the traces around it',
  description: 'Traces are stored some seconds after their requests: ask again for the last word.',
  middleware: [requireScope('read')],
  request: {
    params: z.object({ route: Name }),
    query: z.object({
      epoch: z.coerce
        .number()
        .int()
        .optional()
        .openapi({ description: 'Of the change, as deployments have it; the newest change when absent' }),
      seconds: z.coerce
        .number()
        .int()
        .min(1)
        .max(MAX_WINDOW_S)
        .default(DEFAULT_WINDOW_S)
        .openapi({ description: 'Traces so long before and after the activation are counted' }),
    }),
  },
  responses: { 200: json(Propagation, 'The propagation'), ...refusals },
})

export const propagationApi = router().openapi(read, async (c) => {
  const { epoch, seconds } = c.req.valid('query')
  const [db, { route }] = [lineage(c.env.LINEAGE), c.req.valid('param')]
  const window = { epoch, windowMs: seconds * 1_000 }
  return c.json(await propagationOf(db, c.get('caller').project, route, window), 200)
})
