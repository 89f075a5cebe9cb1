import { createRoute, z } from '@hono/zod-openapi'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import { lineage } from '../lineage/db.ts'
import { deploymentsOf } from '../lineage/deployments.ts'
import { reliabilityRecord } from '../lineage/reliability-record.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

const Route = z.object({
  route: z.string(),
  version: z.string(),
  previous: z.string().nullable(),
  activatedAt: z.number(),
  spec: z.any(),
})
const Deployment = z.object({
  deploymentId: z.string(),
  routeVersion: z.string(),
  previousVersion: z.string().nullable(),
  kind: z.enum(['deploy', 'rollback']),
  epoch: z.number(),
  fence: z.number(),
  actor: z.string(),
  runId: z.string().nullable(),
  reason: z.string(),
  at: z.number(),
})
const RouteName = z.object({ route: Name })

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Routes and what they point at, from their one authority',
  middleware: [requireScope('read')],
  responses: {
    200: json(z.object({ epoch: z.number(), routes: z.array(Route) }), 'The routes'),
    ...refusals,
  },
})

const history = createRoute({
  method: 'get',
  path: '/{route}/deployments',
  summary: 'Deployments and rollbacks of a route, newest first',
  middleware: [requireScope('read')],
  request: { params: RouteName },
  responses: { 200: json(z.object({ deployments: z.array(Deployment) }), 'The deployments'), ...refusals },
})

const rollback = createRoute({
  method: 'post',
  path: '/{route}/rollback',
  summary: 'Point a route back at the version before, at once',
  description:
    'Takes the gate lock before everyone who waits; a deployment that held it finds its token refused.',
  middleware: [requireScope('approve')],
  request: { params: RouteName, body: body(z.strictObject({ reason: z.string().min(1).max(500) })) },
  responses: {
    200: json(z.object({ version: z.string(), epoch: z.number() }), 'What the route points at now'),
    ...refusals,
  },
})

const record = createRoute({
  method: 'get',
  path: '/{route}/record',
  summary:
    'The reliability record of the deployed version: data, code, prompt, scores, verdicts, decisions and traces',
  middleware: [requireScope('read')],
  request: { params: RouteName, query: z.object({ version: z.string().optional() }) },
  responses: { 200: json(z.any(), 'The record'), ...refusals },
})

export const routes = router()
  .openapi(list, async (c) => {
    const snapshot = (await c.env.ROUTE_REGISTRY.getByName(c.get('caller').project).snapshot())!
    return c.json(snapshot, 200)
  })
  .openapi(history, async (c) => {
    const { route } = c.req.valid('param')
    return c.json(
      { deployments: await deploymentsOf(lineage(c.env.LINEAGE), c.get('caller').project, route, 100) },
      200,
    )
  })
  .openapi(rollback, async (c) => {
    const { route } = c.req.valid('param')
    const { project, keyId } = c.get('caller')
    const lock = c.env.GATE_LOCK.getByName(`${project}/route:${route}`)
    const { token } = await lock.preempt(keyId)
    try {
      const request = {
        project,
        route,
        fence: token,
        actor: keyId,
        runId: null,
        reason: c.req.valid('json').reason,
      }
      const answer = await c.env.ROUTE_REGISTRY.getByName(project).rollback(request)
      if (!answer.ok) throw new ProblemError(answer.code, answer.detail)
      return c.json({ version: answer.version!, epoch: answer.epoch }, 200)
    } finally {
      await lock.release(keyId)
    }
  })
  .openapi(record, async (c) => {
    const { route } = c.req.valid('param')
    const document = await reliabilityRecord(
      c.env,
      c.get('caller').project,
      route,
      c.req.valid('query').version,
    )
    return c.json(document, 200)
  })
