import { createRoute, z } from '@hono/zod-openapi'
import { templateProblem } from '../../domain/dataset/template.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ARTIFACT_KINDS, Name, formatRef } from '../../domain/ref.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact, listArtifacts, registerArtifact, resolveRef } from '../registry/artifacts.ts'
import { requireScope } from './auth.ts'
import { body, json, refusals, router } from './openapi.ts'

const Registered = z.object({ ref: z.string() })
const Artifact = z.object({
  ref: z.string(),
  manifest: z.any(),
  codeSha: z.string(),
  runId: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.number(),
})

const prompt = createRoute({
  method: 'post',
  path: '/prompts/{name}/versions',
  summary: 'Register a prompt version',
  middleware: [requireScope('run')],
  request: {
    params: z.object({ name: Name }),
    body: body(
      z.strictObject({
        template: z
          .string()
          .min(1)
          .max(50_000)
          .superRefine((text, context) => {
            const message = templateProblem(text)
            if (message !== undefined) context.addIssue({ code: 'custom', message })
          }),
      }),
    ),
  },
  responses: { 201: json(Registered, 'The prompt version'), ...refusals },
})

const suite = createRoute({
  method: 'post',
  path: '/suites',
  summary: 'Register an evaluator suite version',
  middleware: [requireScope('run')],
  request: { body: body(Suite) },
  responses: { 201: json(Registered, 'The suite version'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/artifacts/{kind}/{name}',
  summary: 'Versions of an artifact, newest first',
  middleware: [requireScope('read')],
  request: { params: z.object({ kind: z.enum(ARTIFACT_KINDS), name: Name }) },
  responses: { 200: json(z.object({ artifacts: z.array(Artifact) }), 'The versions'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/artifacts/{kind}/{name}/{version}',
  summary: 'An artifact, by version or alias',
  middleware: [requireScope('read')],
  request: { params: z.object({ kind: z.enum(ARTIFACT_KINDS), name: Name, version: z.string() }) },
  responses: { 200: json(Artifact, 'The artifact'), ...refusals },
})

export const artifactsApi = router()
  .openapi(prompt, async (c) => {
    const { name } = c.req.valid('param')
    const manifest = c.req.valid('json')
    const ref = await registerArtifact(lineage(c.env.LINEAGE), {
      ...byCaller(c),
      kind: 'prompt',
      name,
      version: contentHash(manifest),
      manifest,
    })
    return c.json({ ref }, 201)
  })
  .openapi(suite, async (c) => {
    const manifest = c.req.valid('json')
    const ref = await registerArtifact(lineage(c.env.LINEAGE), {
      ...byCaller(c),
      kind: 'suite',
      name: manifest.name,
      version: contentHash(manifest),
      manifest: manifest as unknown as Json,
    })
    return c.json({ ref }, 201)
  })
  .openapi(list, async (c) => {
    const { kind, name } = c.req.valid('param')
    const rows = await listArtifacts(lineage(c.env.LINEAGE), c.get('caller').project, kind, name, 100)
    return c.json({ artifacts: rows.map(describe) }, 200)
  })
  .openapi(read, async (c) => {
    const { kind, name, version } = c.req.valid('param')
    const db = lineage(c.env.LINEAGE)
    const ref = await resolveRef(db, c.get('caller').project, formatRef(kind, name, version))
    return c.json(describe(await getArtifact(db, c.get('caller').project, ref)), 200)
  })

function byCaller(c: { env: { CODE_SHA: string }; get(name: 'caller'): { project: string; keyId: string } }) {
  const { project, keyId } = c.get('caller')
  return { project, codeSha: c.env.CODE_SHA, createdBy: keyId, at: Date.now() }
}

function describe(row: Awaited<ReturnType<typeof getArtifact>>) {
  const { kind, name, version, manifest, codeSha, runId, createdBy, createdAt } = row
  const ref = formatRef(kind as (typeof ARTIFACT_KINDS)[number], name, version)
  return { ref, manifest, codeSha, runId, createdBy, createdAt }
}
