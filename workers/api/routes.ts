import { createRoute, z } from '@hono/zod-openapi'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import { MAX_CANARY_SHARE, RouteVersion } from '../../domain/routing/route.ts'
import { settingsInWords } from '../../domain/routing/settings-in-words.ts'
import { lineage } from '../lineage/db.ts'
import { deploymentsOf } from '../lineage/deployments.ts'
import { reliabilityRecord } from '../lineage/reliability-record.ts'
import { existingRoute } from '../routing/active-route.ts'
import { withRouteLock } from '../routing/route-lock.ts'
import { targetViews } from '../routing/route-view.ts'
import { stepCanary } from '../routing/step-canary.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

const Route = z.object({
  route: z.string(),
  version: z.string(),
  previous: z.string().nullable(),
  activatedAt: z.number(),
  spec: RouteVersion,
})
const Gate = z.object({
  gate: z.string(),
  verdict: z.string(),
  stage: z.string(),
  runId: z.string(),
  at: z.number(),
})
const Target = z.object({
  id: z.string(),
  role: z.enum(['live', 'canary', 'fallback', 'shadow']),
  model: z.string(),
  provider: z.string(),
  servedModel: z.string(),
  baseUrl: z.string(),
  secret: z.string().openapi({ description: 'Name of the secret that holds the key' }),
  share: z.number().openapi({
    description:
      'Of the requests that it is asked first, rules left aside; of a shadow, that it sees a copy of',
  }),
  gates: z.array(Gate).nullable().openapi({
    description:
      'Gates of the runs that deployed or promoted the model; null while the lineage cannot be read',
  }),
})
const OneRoute = Route.extend({
  epoch: z.number(),
  fence: z.number(),
  targets: z.array(Target),
  settings: z
    .array(z.object({ name: z.string(), text: z.string() }))
    .openapi({ description: 'What `spec` says beside its targets, in words, defaults included' }),
})
const Reason = z.string().min(1).max(500)
const Deployment = z.object({
  deploymentId: z.string(),
  routeVersion: z.string(),
  previousVersion: z.string().nullable(),
  kind: z.enum(['deploy', 'canary', 'rollback']),
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

const one = createRoute({
  method: 'get',
  path: '/{route}',
  summary: 'A route in full: its settings, its targets, and the gates that let each of them in',
  middleware: [requireScope('read')],
  request: { params: RouteName },
  responses: { 200: json(OneRoute, 'The route'), ...refusals },
})

const history = createRoute({
  method: 'get',
  path: '/{route}/deployments',
  summary: 'Deployments, canary steps and rollbacks of a route, newest first',
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
  request: { params: RouteName, body: body(z.strictObject({ reason: Reason })) },
  responses: {
    200: json(z.object({ version: z.string(), epoch: z.number() }), 'What the route points at now'),
    ...refusals,
  },
})

const canary = createRoute({
  method: 'post',
  path: '/{route}/canary',
  summary: 'Give a route’s canary another share of the users, or take it away',
  description:
    'Makes a route version that differs in the share alone, and puts it in force as a rollback would. A larger share only adds users. A rollback during a canary gives all of them back to the version before it.',
  middleware: [requireScope('approve')],
  request: {
    params: RouteName,
    body: body(
      z.strictObject({
        share: z
          .number()
          .min(0)
          .max(
            MAX_CANARY_SHARE,
            `must be at most ${MAX_CANARY_SHARE}: a model goes to everybody by a deploy stage, through its gates`,
          )
          .openapi({ description: `From 0, which takes the canary away, to ${MAX_CANARY_SHARE}` }),
        reason: Reason,
        expect: z
          .string()
          .optional()
          .openapi({ description: 'Refused unless the route points at this version' }),
      }),
    ),
  },
  responses: {
    200: json(
      z.object({
        version: z.string(),
        epoch: z.number(),
        from: z.string().openapi({ description: 'The same version when the canary had this share already' }),
        share: z.number(),
      }),
      'What the route points at now',
    ),
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
  .openapi(one, async (c) => {
    const { route } = c.req.valid('param')
    const { project } = c.get('caller')
    const active = await existingRoute(c.env, project, route)
    const targets = await targetViews(c.env, project, active)
    return c.json({ ...active, targets, settings: settingsInWords(active.spec) }, 200)
  })
  .openapi(history, async (c) => {
    const { route } = c.req.valid('param')
    return c.json(
      { deployments: await deploymentsOf(lineage(c.env.LINEAGE), c.get('caller').project, route, 100) },
      200,
    )
  })
  .openapi(canary, async (c) => {
    const { project, keyId: actor } = c.get('caller')
    const { route } = c.req.valid('param')
    return c.json(await stepCanary(c.env, { project, route, actor, ...c.req.valid('json') }), 200)
  })
  .openapi(rollback, async (c) => {
    const { route } = c.req.valid('param')
    const { project, keyId: actor } = c.get('caller')
    const { reason } = c.req.valid('json')
    const registry = c.env.ROUTE_REGISTRY.getByName(project)
    const move = async (fence: number) => {
      const answer = await registry.rollback({ project, route, fence, actor, runId: null, reason })
      if (!answer.ok) throw new ProblemError(answer.code, answer.detail)
      return c.json({ version: answer.version!, epoch: answer.epoch }, 200)
    }
    const current = (await registry.snapshot())!.routes.find((each) => each.route === route)
    // What is refused anyway stops nobody's deployment: no token is as old as 0.
    return current?.previous ? withRouteLock(c.env, { project, route, actor }, move) : move(0)
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
