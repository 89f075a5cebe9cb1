import { z } from '@hono/zod-openapi'
import { RUN_STATUSES } from '../../domain/run/state.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RunDescription } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { findRun, verdictsOfRun } from '../lineage/runs.ts'

export const RunId = z.object({ runId: z.string().regex(/^run_[a-z0-9]+$/) })
export const RunRow = z.object({
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
  /** The stage run whose work was taken over. */
  cachedFrom: z.object({ runId: z.string(), stage: z.string() }).nullable(),
  /** Why a skipped stage was skipped. */
  skipped: z.string().nullable(),
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
export const Run = RunRow.extend({
  inputs: z.record(z.string(), z.string()),
  /** Inputs that are plain values. */
  values: z.record(z.string(), z.any()),
  codeSha: z.string(),
  /** Why there is a run: a request, a trigger, a backfill, a rerun, or a stage of another run. */
  cause: z.any(),
  priority: z.number(),
  /** Stages that took over no earlier work, by the wish of the author. */
  force: z.array(z.string()),
  paused: z.object({ actor: z.string(), reason: z.string() }).nullable(),
  /** Names of the signals that have come. */
  signals: z.array(z.string()),
  /** The past run that this one executes again. */
  reproduces: z.string().nullable(),
  status: z.enum(RUN_STATUSES),
  /** Size of the run's own database. */
  storedBytes: z.number(),
  stages: z.array(Stage),
})
export type RunView = z.infer<typeof Run>

/** The run of this project; one of another project is as unknown as one that never was. */
export async function describeRun(env: Env, project: string, runId: string): Promise<RunDescription> {
  const row = await findRun(lineage(env.LINEAGE), project, runId)
  const described = row && (await env.WORKFLOW_RUN.getByName(runId).describe())
  if (!described) throw new ProblemError('not.found', `There is no run ${runId}`)
  return described
}

export async function viewRun(env: Env, described: RunDescription): Promise<RunView> {
  const { run, state, progress, storedBytes } = described
  const [verdicts, places] = await Promise.all([loadVerdicts(env, described), queuePlaces(env, described)])
  const stages = Object.entries(state.stages).map(([stage, current]): z.infer<typeof Stage> => {
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
      cachedFrom: current.cachedFrom ?? null,
      skipped: current.skipped ?? null,
      gates: plan.gates.map((gate) => viewVerdict(gate, verdicts(stage, gate))),
      waitingFor: places.get(stage) ?? current.waitingFor ?? null,
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
    values: run.values,
    codeSha: run.codeSha,
    cause: run.cause,
    priority: run.priority,
    force: [...run.force],
    paused: state.paused ?? null,
    signals: Object.keys(state.signals),
    reproduces: run.reproduces?.runId ?? null,
    storedBytes,
    stages,
  }
}

type VerdictRow = Awaited<ReturnType<typeof verdictsOfRun>>[number]

/** The last verdict of each gate; for a stage that a rerun took over, the one that it was given then. */
async function loadVerdicts(
  env: Env,
  { run, state }: RunDescription,
): Promise<(stage: string, gate: string) => VerdictRow | undefined> {
  const db = lineage(env.LINEAGE)
  const before = Object.values(run.kept ?? {}).map(({ cachedFrom }) => cachedFrom.runId)
  const runIds = [run.runId, ...new Set(before)]
  const rows = new Map(
    await Promise.all(runIds.map(async (id) => [id, await verdictsOfRun(db, id)] as const)),
  )
  return (stage, gate) => {
    const origin = Object.hasOwn(run.kept ?? {}, stage)
      ? state.stages[stage]!.cachedFrom!
      : { runId: run.runId, stage }
    return rows.get(origin.runId)?.findLast((row) => row.stage === origin.stage && row.gate === gate)
  }
}

function viewVerdict(gate: string, row: VerdictRow | undefined): z.infer<typeof Stage>['gates'][number] {
  if (row) {
    const { verdict, blocks, sentence, params, evidence, at } = row
    return { gate, verdict, blocks, sentence, params, evidence, at }
  }
  const nothing = { params: null, evidence: null, at: null }
  return { gate, verdict: 'not_run', blocks: true, sentence: 'The gate has not run.', ...nothing }
}

/** What each stage that waits for a gate lock waits for, with its place as of now. */
async function queuePlaces(env: Env, { run, state, leases }: RunDescription): Promise<Map<string, string>> {
  const waiting = leases.filter(
    ({ kind, stage }) => kind === 'lock' && state.stages[stage]?.status === 'waiting',
  )
  const places = await Promise.all(
    waiting.map(async ({ stage, attempt, target }): Promise<[string, string] | undefined> => {
      const { holders } = await env.GATE_LOCK.getByName(`${run.project}/${target}`).inspect()
      const place = holders.indexOf(`${run.runId}/${stage}/${attempt}`)
      if (place < 1) return undefined
      return [stage, `the gate lock of ${target}, place ${place}, held by ${holders[0]}`]
    }),
  )
  return new Map(places.filter((place) => place !== undefined))
}
