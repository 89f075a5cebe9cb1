import { and, eq } from 'drizzle-orm'
import { sha256Hex } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RunRecord } from '../../domain/workflow/plan.ts'
import { mapConcurrently, MAX_CONNECTIONS } from '../concurrency.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { backfills } from '../lineage/schema.ts'
import { findWorkflow } from '../registry/workflow-versions.ts'
import { runIdOf, startRun, type Starter } from '../runs/start-run.ts'
import { backfillVersions, type VersionChoice } from './backfill-versions.ts'

export type Backfill = typeof backfills.$inferSelect

export interface BackfillRequest extends VersionChoice {
  workflow: string
  /** Version of the workflow; the newest when absent. */
  version?: string | undefined
  /** The other inputs. Aliases are pinned once, for all runs. */
  inputs: Record<string, Json>
  /** Idempotency key of the caller. */
  key?: string | undefined
}

/** Whatever else waits for a slot goes first. */
const BACKFILL_PRIORITY = -10
/** Runs that the request itself starts; the cron starts the others. Each takes a handful of its subrequests. */
const MAX_STARTS_A_REQUEST = 50
const MAX_STARTS_A_TICK = 50
/** A backfill that could not start all its runs for so long is left as it is. */
const GIVE_UP_MS = 7 * 24 * 3_600_000

/**
 * One run for each version, the oldest first. The first run is started at once, so that what is wrong with the inputs is
 * refused for all. The same key makes one backfill, however often it is sent.
 *
 * @throws ProblemError `backfill.invalid` or `run.inputs`
 */
export async function startBackfill(env: Env, starter: Starter, request: BackfillRequest): Promise<Backfill> {
  const { project } = starter
  const { workflow, input, inputs } = request
  const db = lineage(env.LINEAGE)
  const unique = request.key ?? crypto.randomUUID()
  const backfillId = `bf_${sha256Hex([project, workflow, unique].join('\n')).slice(0, 25)}`
  const known = await findBackfill(db, project, backfillId)
  if (known) return known
  const { definition, version } = await findWorkflow(db, project, workflow, request.version)
  if (Object.hasOwn(inputs, input))
    throw new ProblemError('backfill.invalid', `inputs.${input}: the backfill itself gives ${input}`, {
      field: `inputs.${input}`,
    })
  const refs = await backfillVersions(db, project, definition, request)
  const backfill = {
    backfillId,
    projectId: project,
    workflow,
    workflowVersion: version,
    input,
    runs: refs.map((ref) => ({ ref, runId: runIdOf(project, keyOf(backfillId, ref)) })),
    author: starter.keyId,
    createdAt: Date.now(),
  }
  await startOne(env, backfill, refs[0]!, inputs)
  await db.insert(backfills).values(backfill).onConflictDoNothing()
  // Another request with the same key may have been first.
  const stored = (await findBackfill(db, project, backfillId))!
  await continueBackfill(env, stored, MAX_STARTS_A_REQUEST)
  return stored
}

export async function findBackfill(db: Lineage, project: string, backfillId: string) {
  const [row] = await db
    .select()
    .from(backfills)
    .where(and(eq(backfills.projectId, project), eq(backfills.backfillId, backfillId)))
  return row
}

/** Starts runs of backfills that have not all been started: a request starts no more than some, and may end early. */
export async function continueBackfills(env: Env, now: number): Promise<void> {
  const { results } = await env.LINEAGE.prepare(UNFINISHED)
    .bind(now - GIVE_UP_MS)
    .all<{ project: string; id: string }>()
  for (const { project, id } of results) {
    const backfill = await findBackfill(lineage(env.LINEAGE), project, id)
    await continueBackfill(env, backfill!, Math.floor(MAX_STARTS_A_TICK / results.length))
  }
}

/** Starts some of the runs that are missing. Where that fails, the cron tries again. */
async function continueBackfill(env: Env, backfill: Backfill, limit: number): Promise<void> {
  try {
    await startMissing(env, backfill, limit)
  } catch (error) {
    const { projectId: project, backfillId } = backfill
    console.error({ message: 'backfill not continued', project, backfill: backfillId, error: String(error) })
  }
}

const UNFINISHED = `
  SELECT project_id AS project, backfill_id AS id FROM backfills
  WHERE created_at >= ? AND EXISTS (
    SELECT 1 FROM json_each(backfills.runs) AS planned
    WHERE NOT EXISTS (SELECT 1 FROM runs WHERE run_id = json_extract(planned.value, '$.runId')))
  ORDER BY created_at LIMIT 10`

/** Statuses of the runs of a backfill that have been started, by id. */
export async function statusesOf(
  binding: D1Database,
  { projectId, runs }: Backfill,
): Promise<Map<string, string>> {
  const ids = JSON.stringify(runs.map(({ runId }) => runId))
  const { results } = await binding
    .prepare(
      'SELECT run_id, status FROM runs WHERE project_id = ? AND run_id IN (SELECT value FROM json_each(?))',
    )
    .bind(projectId, ids)
    .all<{ run_id: string; status: string }>()
  return new Map(results.map(({ run_id, status }) => [run_id, status]))
}

async function startMissing(env: Env, backfill: Backfill, limit: number): Promise<void> {
  const started = await statusesOf(env.LINEAGE, backfill)
  const missing = backfill.runs.filter(({ runId }) => !started.has(runId)).slice(0, limit)
  const first = await env.WORKFLOW_RUN.getByName(backfill.runs[0]!.runId).run()
  if (missing.length === 0 || !first) return
  const inputs = inputsOf(first, backfill.input)
  await mapConcurrently(missing, MAX_CONNECTIONS, async ({ ref }) => {
    try {
      await startOne(env, backfill, ref, inputs)
    } catch (error) {
      // Started before, and not yet to be seen in D1.
      if (!(error instanceof ProblemError && error.code === 'key.reused')) throw error
    }
  })
}

function startOne(env: Env, backfill: Backfill, ref: string, inputs: Record<string, Json>) {
  const { backfillId, projectId, workflow, workflowVersion, input, author } = backfill
  return startRun(
    env,
    { project: projectId, keyId: author },
    {
      workflow,
      version: workflowVersion,
      inputs: { ...inputs, [input]: ref },
      key: keyOf(backfillId, ref),
      cause: { by: 'backfill', backfillId },
      priority: BACKFILL_PRIORITY,
    },
  )
}

/** What the first run was started with, at the versions to which it was pinned. */
function inputsOf({ pinned, values }: RunRecord, input: string): Record<string, Json> {
  const artifacts = Object.entries(pinned).flatMap(([source, ref]) => {
    const name = source.startsWith('inputs.') ? source.slice('inputs.'.length) : input
    return name === input ? [] : [[name, ref] as const]
  })
  return { ...Object.fromEntries(artifacts), ...values }
}

function keyOf(backfillId: string, ref: string): string {
  return `backfill/${backfillId}/${ref}`
}
