import { createRoute, z } from '@hono/zod-openapi'
import { Name } from '../../domain/ref.ts'
import { loadDrift } from '../gates/drift.ts'
import { loadErosion } from '../gates/erosion.ts'
import { lineage } from '../lineage/db.ts'
import { requireScope } from './auth.ts'
import { json, refusals, router } from './openapi.ts'

const Sentence = z.string().openapi({ description: 'The finding in plain words' })
const Nullable = z.number().nullable()
const Waiver = z.object({
  waiverId: z.string(),
  stage: z.string(),
  gate: z.string(),
  reason: z.string(),
  author: z.string(),
  authorName: z.string().nullable(),
  createdAt: z.number(),
  expiresAt: z.number(),
  revokedAt: Nullable,
  used: z.number().openapi({ description: 'Verdicts that it let through' }),
})
const Weakened = z.object({
  what: z.enum(['removed', 'loosened']),
  place: z.string(),
  stage: z.string().nullable(),
  gate: z.string().nullable(),
  from: z.any(),
  to: z.any(),
  reason: z.string(),
  author: z.string(),
  authorName: z.string().nullable(),
  at: z.number(),
  fromVersion: z.string(),
  toVersion: z.string(),
  stands: z.boolean().openapi({ description: 'Whether the current version is still weaker here' }),
  sentence: Sentence,
})
const IdleGate = z.object({
  stage: z.string(),
  gate: z.string(),
  runs: z.number(),
  lastRanAt: Nullable,
  presentSince: z.number(),
  sentence: Sentence,
})
const Week = z.object({
  from: z.number(),
  to: z.number(),
  verdicts: z.number(),
  waived: z.number(),
  rate: Nullable,
})
const Erosion = z.object({
  workflow: z.string(),
  version: z.string(),
  at: z.number(),
  waivers: z.object({
    sentence: Sentence,
    open: z.array(Waiver),
    ended: z.array(Waiver.extend({ state: z.string() })),
  }),
  weakened: z.object({ sentence: Sentence, changes: z.array(Weakened) }),
  idle: z.object({ sentence: Sentence, gates: z.array(IdleGate) }),
  trend: z.object({ sentence: Sentence, weeks: z.array(Week) }),
})

const Artifact = z.object({
  ref: z.string(),
  createdAt: z.number(),
  ageDays: z.number(),
  limitDays: Nullable,
  overDays: z.number(),
  versionsBehind: z.number(),
  behindSince: Nullable,
  behindDays: Nullable,
  newest: z.string().nullable(),
  drifts: z.boolean(),
  sentence: Sentence,
})
const Run = z.object({
  runId: z.string(),
  status: z.string(),
  createdAt: z.number(),
  inputs: z.array(Artifact.extend({ source: z.string() })),
  sentence: Sentence,
})
const Drift = z.object({
  workflow: z.string(),
  version: z.string(),
  at: z.number(),
  sentence: Sentence,
  newestRun: Run.nullable(),
  stages: z.array(
    z.object({
      stage: z.string(),
      runId: z.string().nullable(),
      finishedAt: Nullable,
      inputs: z.array(Artifact.extend({ port: z.string() })),
      upstream: z.array(z.string()),
      drifts: z.boolean(),
      sentence: Sentence,
    }),
  ),
  production: z.array(
    z.object({
      place: z.string(),
      version: z.string(),
      model: z.string(),
      since: z.number(),
      run: Run.nullable(),
      builtOn: z.array(Artifact),
      drifts: z.boolean(),
      sentence: Sentence,
    }),
  ),
})

const WorkflowName = z.object({ workflow: Name })

const erosion = createRoute({
  method: 'get',
  path: '/workflows/{workflow}/erosion',
  summary: 'Gate erosion: waivers, gates removed or loosened, gates not run lately, and the waiver rate',
  middleware: [requireScope('read')],
  request: { params: WorkflowName },
  responses: { 200: json(Erosion, 'The report'), ...refusals },
})

const drift = createRoute({
  method: 'get',
  path: '/workflows/{workflow}/drift',
  summary: 'Stage drift: inputs older than their limit or than a newer version, in runs and in production',
  middleware: [requireScope('read')],
  request: { params: WorkflowName },
  responses: { 200: json(Drift, 'The report'), ...refusals },
})

export const gatesApi = router()
  .openapi(erosion, async (c) => {
    const of = { project: c.get('caller').project, workflow: c.req.valid('param').workflow }
    return c.json(await loadErosion(lineage(c.env.LINEAGE), of, Date.now()), 200)
  })
  .openapi(drift, async (c) => {
    const of = { project: c.get('caller').project, workflow: c.req.valid('param').workflow }
    return c.json(await loadDrift(c.env, of, Date.now()), 200)
  })
