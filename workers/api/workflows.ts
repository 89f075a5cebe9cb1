import { createRoute, z } from '@hono/zod-openapi'
import { ProblemError } from '../../domain/problem.ts'
import { Name } from '../../domain/ref.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { diffWorkflows } from '../../domain/workflow/diff.ts'
import { inspect, isError } from '../../domain/workflow/lint.ts'
import { finding, FINDINGS, type Finding, type FindingCode } from '../../domain/workflow/lint/finding.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import {
  applyVersion,
  listVersions,
  versionByPrefix,
  type StoredVersion,
} from '../registry/workflow-versions.ts'
import { installTriggers } from '../triggers/install.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

const Version = z.object({
  workflow: z.string(),
  version: z.string(),
  gitSha: z.string(),
  author: z.string(),
  createdAt: z.number(),
})

const FoundAt = z.object({
  code: z.enum(Object.keys(FINDINGS) as [FindingCode, ...FindingCode[]]),
  severity: z.enum(['error', 'warning']),
  at: z.string().openapi({ description: 'The place in the definition, such as stages.promote.gates' }),
  reason: z.string(),
  fix: z.string(),
})

const Changed = z.object({
  at: z.string().openapi({ description: 'The place in the definition; gates stand by name' }),
  kind: z.enum(['added', 'removed', 'changed']),
  before: z.any(),
  after: z.any(),
  weaker: z.boolean(),
  reason: z.string().nullable().openapi({ description: 'Why it is weaker' }),
  stage: z.string().nullable(),
  gate: z.string().nullable(),
})
const Changes = z.array(Changed)
const weakerCount = z.number().int().openapi({ description: 'How many of the changes let more through' })

const definition = {
  required: true,
  content: { 'application/json': { schema: z.record(z.string(), z.any()) } },
} as const

const apply = createRoute({
  method: 'post',
  path: '/',
  summary: 'Register a workflow version',
  description:
    'The body is the definition. Its version is the hash of its canonical JSON: equal definitions are one version. What got weaker since the version before is put into the audit log.',
  middleware: [requireScope('run')],
  request: {
    query: z.object({
      gitSha: z
        .string()
        .regex(/^[0-9a-f]{7,40}$/, 'must be a git commit: 7 to 40 hex digits')
        .optional(),
    }),
    body: definition,
  },
  responses: {
    201: json(
      Version.extend({ warnings: z.array(FoundAt), changes: Changes, weaker: weakerCount }),
      'The workflow version, what is unwise in it, and what it changes',
    ),
    ...refusals,
  },
})

const check = createRoute({
  method: 'post',
  path: '/lint',
  summary: 'Say what is wrong or unwise in a definition, and store nothing',
  middleware: [requireScope('read')],
  request: { body: definition },
  responses: {
    200: json(z.object({ findings: z.array(FoundAt) }), 'The findings, errors first'),
    ...refusals,
  },
})

const OfWorkflow = z.object({ workflow: Name })

const read = createRoute({
  method: 'get',
  path: '/{workflow}',
  summary: 'Versions of a workflow, last applied first, with their definitions',
  middleware: [requireScope('read')],
  request: {
    params: OfWorkflow,
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(100) }),
  },
  responses: {
    200: json(z.object({ versions: z.array(Version.extend({ definition: z.any() })) }), 'The versions'),
    ...refusals,
  },
})

const Prefix = z
  .string()
  .regex(/^[0-9a-f]{8,64}$/, 'must be a version, or at least its first 8 hex digits')
  .optional()

const compare = createRoute({
  method: 'get',
  path: '/{workflow}/diff',
  summary: 'What changed between two versions of a workflow, and what got weaker',
  description: 'From the version before the current one to the current one, unless versions are named.',
  middleware: [requireScope('read')],
  request: { params: OfWorkflow, query: z.object({ from: Prefix, to: Prefix }) },
  responses: {
    200: json(
      z.object({ from: z.string().nullable(), to: z.string(), changes: Changes, weaker: weakerCount }),
      'The changes',
    ),
    ...refusals,
  },
})

export const workflows = router()
  .openapi(apply, async (c) => {
    const { definition, warnings } = accepted(c.req.valid('json'))
    const { project, keyId } = c.get('caller')
    const { gitSha } = c.req.valid('query')
    const now = Date.now()
    const { stored, changes } = await applyVersion(c.env.LINEAGE, {
      project,
      definition,
      gitSha: gitSha ?? c.env.CODE_SHA,
      author: keyId,
      now,
    })
    const { workflow, version } = stored
    await installTriggers(lineage(c.env.LINEAGE), {
      project,
      workflow,
      version,
      definition,
      author: keyId,
      now,
    })
    const untracked = gitSha === undefined ? [NOT_IN_CODE] : []
    return c.json({ ...summary(stored), warnings: [...untracked, ...warnings], ...counted(changes) }, 201)
  })
  .openapi(check, (c) => c.json({ findings: inspect(c.req.valid('json')).findings }, 200))
  .openapi(read, async (c) => {
    const { workflow } = c.req.valid('param')
    const db = lineage(c.env.LINEAGE)
    const versions = await listVersions(db, c.get('caller').project, workflow, c.req.valid('query'))
    return c.json(
      { versions: versions.map((stored) => ({ ...summary(stored), definition: stored.definition })) },
      200,
    )
  })
  .openapi(compare, async (c) => {
    const db = lineage(c.env.LINEAGE)
    const asked = { project: c.get('caller').project, ...c.req.valid('param'), ...c.req.valid('query') }
    const { from, to } = await versionsToCompare(db, asked)
    const changes = from ? diffWorkflows(from.definition, to.definition) : []
    return c.json({ from: from?.version ?? null, to: to.version, ...counted(changes) }, 200)
  })

const NOT_IN_CODE = finding(
  'not-in-code',
  'gitSha',
  'no git commit was sent, and the one that Sluice itself was built from stands in its place',
)

/** @throws ProblemError `workflow.invalid` with every finding that is an error */
function accepted(draft: unknown): { definition: WorkflowDefinition; warnings: Finding[] } {
  const { definition, findings } = inspect(draft)
  if (definition) return { definition, warnings: findings }
  const errors = findings.filter(isError)
  const detail = errors.map(({ at, reason }) => `${at}: ${reason}`).join('; ')
  throw new ProblemError('workflow.invalid', detail, { findings: errors })
}

function summary({ workflow, version, gitSha, author, createdAt }: StoredVersion): z.infer<typeof Version> {
  return { workflow, version, gitSha, author, createdAt }
}

function counted(changes: z.infer<typeof Changes>) {
  return { changes, weaker: changes.filter(({ weaker }) => weaker).length }
}

interface Compared {
  project: string
  workflow: string
  from?: string | undefined
  to?: string | undefined
}

async function versionsToCompare(
  db: Lineage,
  { project, workflow, from, to }: Compared,
): Promise<{ from: StoredVersion | undefined; to: StoredVersion }> {
  const find = (prefix: string) => versionByPrefix(db, project, workflow, prefix)
  const last = (before?: number) =>
    listVersions(db, project, workflow, { limit: 1, ...(before === undefined ? {} : { before }) })
  const after = to === undefined ? (await last())[0] : await find(to)
  if (!after) throw new ProblemError('not.found', `There is no workflow ${workflow}`)
  return { from: from === undefined ? (await last(after.appliedAt))[0] : await find(from), to: after }
}
