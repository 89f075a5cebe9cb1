import { createRoute, z } from '@hono/zod-openapi'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { Name } from '../../domain/ref.ts'
import { HostedModel, servingOf } from '../../domain/routing/hosted-model.ts'
import { lineage } from '../lineage/db.ts'
import { registerArtifact } from '../registry/artifacts.ts'
import { assertMaySend } from '../registry/secret-origins.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

const register = createRoute({
  method: 'post',
  path: '/{name}/versions',
  summary: 'Register a version of a model that a provider or an endpoint of your own serves',
  description:
    'Its key is named, never given: `secret` is the name of a Worker secret. SECRET_ORIGINS says where that may be sent; ' +
    'of a secret that it does not name, a key with the scope `admin` decides. Equal content is one version.',
  middleware: [requireScope('run')],
  request: { params: z.object({ name: Name }), body: body(HostedModel) },
  responses: { 201: json(z.object({ ref: z.string() }), 'The model version'), ...refusals },
})

export const modelsApi = router().openapi(register, async (c) => {
  const model = c.req.valid('json')
  const { project, keyId, scopes } = c.get('caller')
  const serving = servingOf(model)
  if (model.secret !== undefined)
    assertMaySend(c.env, model.secret, serving.baseUrl, scopes.includes('admin'))
  const manifest = {
    serving,
    ...(model.note === undefined ? {} : { note: model.note }),
  } as unknown as Json
  const ref = await registerArtifact(lineage(c.env.LINEAGE), {
    project,
    kind: 'model',
    name: c.req.valid('param').name,
    version: contentHash(manifest),
    manifest,
    codeSha: c.env.CODE_SHA,
    createdBy: keyId,
    at: Date.now(),
  })
  return c.json({ ref }, 201)
})
