import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import { jsonBytes, type Json } from '../../domain/json.ts'
import type { RunState } from '../../domain/run/state.ts'
import { resolveInputs, type RunRecord } from '../../domain/workflow/plan.ts'
import type { Env } from '../env.ts'
import { chunk, lineage, rowsAStatement, type Lineage } from './db.ts'
import { runs, stageResults, stageRuns, verdicts } from './schema.ts'
import { stageResultRows } from './stage-results.ts'

/**
 * Writes a run as its object knows it, as of event `seq`. An older projection never overwrites a newer one. Stages that
 * have not changed since event `projected` are left alone; what a stage made is kept for equal stages to take over.
 */
export async function projectRun(
  { LINEAGE, CODE_SHA: codeSha }: Pick<Env, 'LINEAGE' | 'CODE_SHA'>,
  run: RunRecord,
  state: RunState,
  { seq, changed }: { seq: number; changed: ReadonlySet<string> },
): Promise<void> {
  const db = lineage(LINEAGE)
  const runRow = {
    runId: run.runId,
    projectId: run.project,
    workflow: run.workflow,
    workflowVersion: run.workflowVersion,
    status: state.status,
    inputs: run.pinned,
    codeSha: run.codeSha,
    author: run.author,
    failure: (state.failure ?? null) as Json,
    cause: run.cause as unknown as Json,
    priority: run.priority,
    force: [...run.force],
    seq,
    createdAt: run.createdAt,
    finishedAt: state.finishedAt ?? null,
  }
  const stages = Object.entries(state.stages)
  const stageRows = stages.flatMap(([stage, current], position) =>
    changed.has(stage)
      ? [
          {
            runId: run.runId,
            stage,
            projectId: run.project,
            position,
            kind: run.plan[stage]!.kind,
            owner: run.definition.stages[stage]!.owner,
            status: current.status,
            attempt: current.attempt,
            inputs: shownInputs(run, state, stage),
            outputs: current.outputs,
            error: (current.error ?? null) as Json,
            cachedFrom: current.cachedFrom ?? null,
            seq,
            startedAt: current.startedAt ?? null,
            finishedAt: current.finishedAt ?? null,
          },
        ]
      : [],
  )
  await db.batch([
    db
      .insert(runs)
      .values(runRow)
      .onConflictDoUpdate({
        target: runs.runId,
        set: {
          status: sql`excluded.status`,
          failure: sql`excluded.failure`,
          seq: sql`excluded.seq`,
          finishedAt: sql`excluded.finished_at`,
        },
        setWhere: sql`excluded.seq > ${runs.seq}`,
      }),
    ...chunk(stageRows, rowsAStatement(STAGE_COLUMNS)).map((rows) =>
      db
        .insert(stageRuns)
        .values(rows)
        .onConflictDoUpdate({
          target: [stageRuns.runId, stageRuns.stage],
          set: {
            status: sql`excluded.status`,
            attempt: sql`excluded.attempt`,
            inputs: sql`excluded.inputs`,
            outputs: sql`excluded.outputs`,
            error: sql`excluded.error`,
            cachedFrom: sql`excluded.cached_from`,
            seq: sql`excluded.seq`,
            startedAt: sql`excluded.started_at`,
            finishedAt: sql`excluded.finished_at`,
          },
          setWhere: sql`excluded.seq > ${stageRuns.seq}`,
        }),
    ),
    ...stageResultRows(run, state, { stages: changed, codeSha }).map((row) =>
      db.insert(stageResults).values(row).onConflictDoNothing(),
    ),
  ])
}

/** Largest input that is shown as it is, in bytes of JSON: a longer one is shown as where it comes from. */
const MAX_SHOWN_BYTES = 20_000

function shownInputs(run: RunRecord, state: RunState, stage: string): Record<string, Json> {
  const definition = run.definition.stages[stage]!
  return Object.fromEntries(
    Object.entries(resolveInputs(run, state, definition)).map(([port, value]) => [
      port,
      jsonBytes(value) > MAX_SHOWN_BYTES ? definition.inputs[port]! : value,
    ]),
  )
}

/** Columns of a stage's row. */
const STAGE_COLUMNS = 15

/** A page of a project's runs, newest first, before the given time. */
export function listRuns(db: Lineage, project: string, before: number, limit: number) {
  return db
    .select()
    .from(runs)
    .where(and(eq(runs.projectId, project), lt(runs.createdAt, before)))
    .orderBy(desc(runs.createdAt))
    .limit(limit)
}

export async function findRun(db: Lineage, project: string, runId: string) {
  const [run] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.projectId, project), eq(runs.runId, runId)))
  return run
}

export function stagesOfRun(db: Lineage, runId: string) {
  return db.select().from(stageRuns).where(eq(stageRuns.runId, runId)).orderBy(stageRuns.position)
}

/** All verdicts of a run, oldest first. */
export function verdictsOfRun(db: Lineage, runId: string) {
  return db.select().from(verdicts).where(eq(verdicts.runId, runId)).orderBy(verdicts.at)
}

/** Ids of runs that have not ended: what the cron pokes. */
export async function liveRuns(db: Lineage, limit: number): Promise<string[]> {
  const rows = await db
    .select({ runId: runs.runId })
    .from(runs)
    .where(inArray(runs.status, ['queued', 'running', 'waiting', 'rolling_back']))
    // Where there are more than one look takes, each gets its turn.
    .orderBy(sql`random()`)
    .limit(limit)
  return rows.map(({ runId }) => runId)
}
