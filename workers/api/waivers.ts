import { createRoute, z } from '@hono/zod-openapi'
import {
  DEFAULT_WAIVER_DAYS,
  MAX_WAIVER_DAYS,
  WAIVER_STATES,
  waiverState,
} from '../../domain/gates/waiver.ts'
import { Name } from '../../domain/ref.ts'
import { grantWaiver, listWaivers, revokeWaiver } from '../gates/waivers.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { body, json, Page, refusals, router } from './openapi.ts'

const Waiver = z.object({
  waiverId: z.string(),
  workflow: z.string(),
  stage: z.string(),
  gate: z.string(),
  reason: z.string(),
  author: z.string().openapi({ description: 'Id of the key that granted it' }),
  state: z.enum(WAIVER_STATES),
  createdAt: z.number(),
  expiresAt: z.number(),
  revokedAt: z.number().nullable(),
  revokedBy: z.string().nullable(),
})

const grant = createRoute({
  method: 'post',
  path: '/',
  summary: 'Waive a gate of a workflow’s stage for some days',
  description: [
    'The gate is evaluated all the same; while the waiver lives, a verdict that would stop the stage is recorded as',
    '`waived`, with what was found. It does not count for runs of the key that granted it. It ends after',
    `${DEFAULT_WAIVER_DAYS} days unless said otherwise, and after ${MAX_WAIVER_DAYS} days at most: then the gate is in`,
    'force again, and what passed by the waiver and is in production is flagged.',
  ].join(' '),
  middleware: [requireScope('approve')],
  request: {
    headers: z.object({ 'idempotency-key': z.string().max(200).optional() }),
    body: body(
      z.strictObject({
        workflow: Name,
        stage: Name,
        gate: Name,
        reason: z
          .string()
          .trim()
          .min(10, 'say in at least 10 characters why the gate may be passed')
          .max(1000),
        days: z.number().positive().optional(),
        expiresAt: z.number().int().optional().openapi({ description: 'ms since the epoch' }),
      }),
    ),
  },
  responses: { 201: json(Waiver, 'The waiver'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'Waivers, newest first',
  middleware: [requireScope('read')],
  request: {
    query: Page.extend({ workflow: Name.optional(), state: z.enum(WAIVER_STATES).optional() }),
  },
  responses: {
    200: json(z.object({ waivers: z.array(Waiver), next: z.number().nullable() }), 'A page of waivers'),
    ...refusals,
  },
})

const revoke = createRoute({
  method: 'delete',
  path: '/{waiverId}',
  summary: 'Revoke a waiver: its gate is in force again',
  middleware: [requireScope('approve')],
  request: {
    params: z.object({ waiverId: z.string() }),
    query: z.object({ reason: z.string().min(1).max(1000).default('revoked') }),
  },
  responses: { 200: json(Waiver, 'The waiver'), ...refusals },
})

export const waiversApi = router()
  .openapi(grant, async (c) => {
    const now = Date.now()
    const key = c.req.valid('header')['idempotency-key']
    const row = await grantWaiver(c.env.LINEAGE, c.get('caller'), { ...c.req.valid('json'), key }, now)
    return c.json({ ...row, state: waiverState(row, now) }, 201)
  })
  .openapi(list, async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, limit, workflow, state } = c.req.valid('query')
    const filter = { before, limit, workflow, state }
    const rows = await listWaivers(lineage(c.env.LINEAGE), c.get('caller').project, filter, Date.now())
    return c.json({ waivers: rows, next: rows.length === limit ? rows.at(-1)!.createdAt : null }, 200)
  })
  .openapi(revoke, async (c) => {
    const now = Date.now()
    const { reason } = c.req.valid('query')
    const row = await revokeWaiver(c.env.LINEAGE, c.get('caller'), c.req.valid('param').waiverId, reason, now)
    return c.json({ ...row, state: waiverState(row, now) }, 200)
  })
