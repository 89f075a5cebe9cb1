import { createRoute, z } from '@hono/zod-openapi'
import { and, eq } from 'drizzle-orm'
import { sha256Hex } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import { newId, randomHex } from '../ids.ts'
import { lineage } from '../lineage/db.ts'
import { apiKeys } from '../lineage/schema.ts'
import { requireScope, SCOPES } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

const KeyInfo = z.object({
  keyId: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.number(),
  revokedAt: z.number().nullable(),
})

const create = createRoute({
  method: 'post',
  path: '/',
  summary: 'Make an API key; the key itself is shown this once',
  middleware: [requireScope('admin')],
  request: {
    body: body(z.strictObject({ name: z.string().min(1).max(100), scopes: z.array(z.enum(SCOPES)).min(1) })),
  },
  responses: { 201: json(z.object({ keyId: z.string(), key: z.string() }), 'The key'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/',
  summary: 'API keys of the project, without their secrets',
  middleware: [requireScope('admin')],
  responses: { 200: json(z.object({ keys: z.array(KeyInfo) }), 'The keys'), ...refusals },
})

const revoke = createRoute({
  method: 'delete',
  path: '/{keyId}',
  summary: 'Revoke an API key; it stops working within 30 s',
  middleware: [requireScope('admin')],
  request: { params: z.object({ keyId: z.string() }) },
  responses: { 200: json(z.object({ revoked: z.boolean() }), 'Done'), ...refusals },
})

export const keysApi = router()
  .openapi(create, async (c) => {
    const { name, scopes } = c.req.valid('json')
    const keyId = newId('key')
    const key = `sk_sluice_${randomHex(24)}`
    await lineage(c.env.LINEAGE)
      .insert(apiKeys)
      .values({
        keyId,
        projectId: c.get('caller').project,
        name,
        scopes,
        secretSha256: sha256Hex(key),
        createdAt: Date.now(),
      })
    return c.json({ keyId, key }, 201)
  })
  .openapi(list, async (c) => {
    const keys = await lineage(c.env.LINEAGE)
      .select()
      .from(apiKeys)
      .where(eq(apiKeys.projectId, c.get('caller').project))
    return c.json({ keys: keys.map(({ secretSha256: _, projectId: __, ...key }) => key) }, 200)
  })
  .openapi(revoke, async (c) => {
    const { keyId } = c.req.valid('param')
    const changed = await lineage(c.env.LINEAGE)
      .update(apiKeys)
      .set({ revokedAt: Date.now() })
      .where(and(eq(apiKeys.projectId, c.get('caller').project), eq(apiKeys.keyId, keyId)))
      .returning({ keyId: apiKeys.keyId })
    if (changed.length === 0) throw new ProblemError('not.found', `There is no key ${keyId}`)
    return c.json({ revoked: true }, 200)
  })
