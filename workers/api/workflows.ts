import { createRoute, z } from '@hono/zod-openapi'
import { and, desc, eq } from 'drizzle-orm'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { lineage } from '../lineage/db.ts'
import { workflowVersions } from '../lineage/schema.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

const Version = z.object({
  workflow: z.string(),
  version: z.string(),
  gitSha: z.string(),
  author: z.string(),
  createdAt: z.number(),
})

const apply = createRoute({
  method: 'post',
  path: '/',
  summary: 'Register a workflow version',
  description:
    'The body is the definition. Its version is the hash of its canonical JSON: equal definitions are one version.',
  middleware: [requireScope('run')],
  request: {
    query: z.object({
      gitSha: z
        .string()
        .regex(/^[0-9a-f]{7,40}$/)
        .optional(),
    }),
    body: { required: true, content: { 'application/json': { schema: z.record(z.string(), z.any()) } } },
  },
  responses: { 201: json(Version, 'The workflow version'), ...refusals },
})

const read = createRoute({
  method: 'get',
  path: '/{workflow}',
  summary: 'Versions of a workflow, newest first, with their definitions',
  middleware: [requireScope('read')],
  request: { params: z.object({ workflow: Name }) },
  responses: {
    200: json(z.object({ versions: z.array(Version.extend({ definition: z.any() })) }), 'The versions'),
    ...refusals,
  },
})

export const workflows = router()
  .openapi(apply, async (c) => {
    const parsed = WorkflowDefinition.safeParse(c.req.valid('json'))
    if (!parsed.success) {
      const findings = parsed.error.issues.map(({ path, message }) => ({ at: path.join('.'), message }))
      const detail = findings.map(({ at, message }) => `${at}: ${message}`).join('; ')
      throw new ProblemError('workflow.invalid', detail, { findings })
    }
    const definition = parsed.data
    const { project, keyId } = c.get('caller')
    const key = { projectId: project, workflow: definition.name, version: contentHash(definition) }
    const gitSha = c.req.valid('query').gitSha ?? c.env.CODE_SHA
    const now = Date.now()
    const row = {
      ...key,
      definition: definition as unknown as Json,
      gitSha,
      author: keyId,
      createdAt: now,
      appliedAt: now,
    }
    const [stored] = await lineage(c.env.LINEAGE)
      .insert(workflowVersions)
      .values(row)
      .onConflictDoUpdate({
        target: [workflowVersions.projectId, workflowVersions.workflow, workflowVersions.version],
        set: { appliedAt: now },
      })
      .returning()
    const { workflow, version, author, createdAt } = stored!
    return c.json({ workflow, version, gitSha: stored!.gitSha, author, createdAt }, 201)
  })
  .openapi(read, async (c) => {
    const versions = await lineage(c.env.LINEAGE)
      .select()
      .from(workflowVersions)
      .where(
        and(
          eq(workflowVersions.projectId, c.get('caller').project),
          eq(workflowVersions.workflow, c.req.valid('param').workflow),
        ),
      )
      .orderBy(desc(workflowVersions.appliedAt))
      .limit(100)
    return c.json({ versions }, 200)
  })
