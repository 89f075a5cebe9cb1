import { createRoute, z } from '@hono/zod-openapi'
import { RunEvent } from '../../domain/run/event.ts'
import { RUN_STATUSES } from '../../domain/run/state.ts'
import { Name, Ref } from '../../domain/ref.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RunDescription } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { findRun, listRuns, verdictsOfRun } from '../lineage/runs.ts'
import { reproduceRun, startRun } from '../runs/start-run.ts'
import { requireScope } from './auth.ts'
import { body, json, Page, refusals, router } from './openapi.ts'

const RunId = z.object({ runId: z.string().regex(/^run_[a-z0-9]+$/) })
const Started = z.object({ runId: z.string(), workflow: z.string(), workflowVersion: z.string() })
const RunRow = z.object({
  runId: z.string(),
  workflow: z.string(),
  workflowVersion: z.string(),
  status: z.string(),
  author: z.string(),
  failure: z.any(),
  createdAt: z.number(),
  finishedAt: z.number().nullable(),
})
const Stage = z.object({
  stage: z.string(),
  kind: z.string(),
  owner: z.string(),
  status: z.string(),
  attempt: z.number(),
  needs: z.array(z.string()),
  inputs: z.record(z.string(), z.any()),
  outputs: z.record(z.string(), z.any()),
  gates: z.array(
    z.object({
      gate: z.string(),
      verdict: z.string(),
      blocks: z.boolean(),
      sentence: z.string(),
      params: z.any(),
      evidence: z.any(),
      at: z.number().nullable(),
    }),
  ),
  waitingFor: z.string().nullable(),
  progress: z.object({ progress: z.number(), message: z.string(), at: z.number() }).nullable(),
  error: z.any(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
})
const Run = RunRow.extend({
  inputs: z.record(z.string(), z.string()),
  codeSha: z.string(),
  /** The past run that this one executes again. */
  reproduces: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  stages: z.array(Stage),
})
const LogEntry = z.object({
  seq: z.number(),
  at: z.number(),
  dedupeKey: z.string(),
  event: RunEvent,
  ignored: z.string().nullable(),
})
export type RunView = z.infer<typeof Run>

const start = createRoute({
  method: 'post',
  path: '/workflows/{workflow}/runs',
  summary: 'Start a run',
  description:
    'Inputs are pinned to versions now. A repeated `Idempotency-Key` answers with the run that it started.',
  middleware: [requireScope('run')],
  request: {
    params: z.object({ workflow: Name }),
    headers: z.object({ 'idempotency-key': z.string().max(200).optional() }),
    body: body(
      z.strictObject({ inputs: z.record(z.string(), Ref).default({}), version: z.string().optional() }),
    ),
  },
  responses: { 201: json(Started, 'The run'), ...refusals },
})

const list = createRoute({
  method: 'get',
  path: '/runs',
  summary: 'Runs, newest first',
  middleware: [requireScope('read')],
  request: { query: Page },
  responses: {
    200: json(z.object({ runs: z.array(RunRow), next: z.number().nullable() }), 'A page of runs'),
    ...refusals,
  },
})

const read = createRoute({
  method: 'get',
  path: '/runs/{runId}',
  summary: 'A run with its stages and gate verdicts, as its object knows it now',
  middleware: [requireScope('read')],
  request: { params: RunId },
  responses: { 200: json(Run, 'The run'), ...refusals },
})

const events = createRoute({
  method: 'get',
  path: '/runs/{runId}/events',
  summary: 'The event log of a run, in order',
  middleware: [requireScope('read')],
  request: { params: RunId, query: z.object({ after: z.coerce.number().int().min(0).default(0) }) },
  responses: { 200: json(z.object({ events: z.array(LogEntry) }), 'Up to 500 events'), ...refusals },
})

const cancel = createRoute({
  method: 'post',
  path: '/runs/{runId}/cancel',
  summary: 'Cancel a run; what took effect is undone',
  middleware: [requireScope('run')],
  request: { params: RunId, body: body(z.strictObject({ reason: z.string().min(1).max(500) })) },
  responses: { 202: json(z.object({ status: z.string() }), 'The run’s status'), ...refusals },
})

const reproduce = createRoute({
  method: 'post',
  path: '/runs/{runId}/reproduce',
  summary: 'Execute a past run again from its pinned inputs, up to the stages that would change production',
  middleware: [requireScope('run')],
  request: { params: RunId },
  responses: { 201: json(Started, 'The new run'), ...refusals },
})

export const runsApi = router()
  .openapi(start, async (c) => {
    const { workflow } = c.req.valid('param')
    const { inputs, version } = c.req.valid('json')
    const key = c.req.valid('header')['idempotency-key']
    const run = await startRun(c.env, c.get('caller'), { workflow, inputs, version, key })
    return c.json(run, 201)
  })
  .openapi(list, async (c) => {
    const { before, limit } = c.req.valid('query')
    const rows = await listRuns(
      lineage(c.env.LINEAGE),
      c.get('caller').project,
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    )
    return c.json({ runs: rows, next: rows.length === limit ? rows.at(-1)!.createdAt : null }, 200)
  })
  .openapi(read, async (c) => {
    const { runId } = c.req.valid('param')
    const described = await describeRun(c.env, c.get('caller').project, runId)
    return c.json(await viewRun(c.env, described), 200)
  })
  .openapi(events, async (c) => {
    const { runId } = c.req.valid('param')
    await describeRun(c.env, c.get('caller').project, runId)
    const log = await c.env.WORKFLOW_RUN.getByName(runId).events(c.req.valid('query').after)
    return c.json({ events: log }, 200)
  })
  .openapi(cancel, async (c) => {
    const { runId } = c.req.valid('param')
    const { project, keyId } = c.get('caller')
    await describeRun(c.env, project, runId)
    const event = { type: 'run.cancel_requested', actor: keyId, reason: c.req.valid('json').reason } as const
    const { status } = await c.env.WORKFLOW_RUN.getByName(runId).report([{ dedupeKey: 'cancel', event }])
    return c.json({ status: status! }, 202)
  })
  .openapi(reproduce, async (c) => {
    const { runId } = c.req.valid('param')
    const { project } = c.get('caller')
    const { run } = await describeRun(c.env, project, runId)
    return c.json(await reproduceRun(c.env, c.get('caller'), run), 201)
  })

/** The run of this project; one of another project is as unknown as one that never was. */
async function describeRun(env: Env, project: string, runId: string): Promise<RunDescription> {
  const row = await findRun(lineage(env.LINEAGE), project, runId)
  const described = row && (await env.WORKFLOW_RUN.getByName(runId).describe())
  if (!described) throw new ProblemError('not.found', `There is no run ${runId}`)
  return described
}

async function viewRun(env: Env, { run, state, progress }: RunDescription): Promise<RunView> {
  const verdicts = await verdictsOfRun(lineage(env.LINEAGE), run.runId)
  const stages = Object.entries(state.stages).map(([stage, current]) => {
    const plan = run.plan[stage]!
    const { owner, inputs } = run.definition.stages[stage]!
    const seen = progress.find((item) => item.stage === stage && item.attempt === current.attempt)
    return {
      stage,
      kind: plan.kind,
      owner,
      status: current.status,
      attempt: current.attempt,
      needs: [...plan.needs],
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([port, source]) => [port, run.pinned[source] ?? source]),
      ),
      outputs: current.outputs,
      gates: plan.gates.map((gate) => {
        const verdict = verdicts.findLast((row) => row.stage === stage && row.gate === gate)
        return verdict
          ? {
              gate,
              verdict: verdict.verdict,
              blocks: verdict.blocks,
              sentence: verdict.sentence,
              params: verdict.params,
              evidence: verdict.evidence,
              at: verdict.at,
            }
          : {
              gate,
              verdict: 'not_run',
              blocks: true,
              sentence: 'The gate has not run.',
              params: null,
              evidence: null,
              at: null,
            }
      }),
      waitingFor: current.waitingFor ?? null,
      progress: seen ? { progress: seen.progress, message: seen.message, at: seen.at } : null,
      error: current.error ?? null,
      startedAt: current.startedAt ?? null,
      finishedAt: current.finishedAt ?? null,
    }
  })
  return {
    runId: run.runId,
    workflow: run.workflow,
    workflowVersion: run.workflowVersion,
    status: state.status,
    author: run.author,
    failure: state.failure ?? null,
    createdAt: run.createdAt,
    finishedAt: state.finishedAt ?? null,
    inputs: run.pinned,
    codeSha: run.codeSha,
    reproduces: run.reproduces?.runId ?? null,
    stages,
  }
}
