import { and, desc, eq, gte, lte, lt, sql } from 'drizzle-orm'
import { callOfRow, callRowId } from '../../domain/evaluation/call-id.ts'
import type { RowScores } from '../../domain/evaluation/score.ts'
import type { Env } from '../env.ts'
import { scoreShards } from '../evaluation/paired-rows.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations, traces } from '../lineage/schema.ts'

/** Who answered a call, and when. */
export interface TraceOrigin {
  model: string
  promptRef: string | null
  routeVersion: string
  /** The side of the route's split that the call was put on; null where it was not recorded. */
  arm: 'stable' | 'canary' | 'rule' | null
  at: number
}

/** The scores of one call: `rowId` is that of `callRowId`. */
export type ScoredTrace = TraceOrigin & Pick<RowScores, 'rowId' | 'cohort' | 'scores'>

export interface OnlineScores {
  /** Each call once, by its newest sweep. */
  traces: ScoredTrace[]
  /** Sweeps that were read, newest first. */
  evaluations: { evaluationId: string; finishedAt: number }[]
}

/** Older sweeps are not read once so many traces were: each 50 of them are one read of R2. */
const MAX_TRACES = 10_000
const MAX_SWEEPS = 20

/**
 * The scores that sweeps of a route gave to live answers, with who gave the answer: after a fallback or a deployment it
 * is not the model that the route points at. Only evaluations of traffic count.
 */
export async function onlineScores(
  env: Env,
  project: string,
  route: string,
  finished: { from: number; to: number },
  isWanted: (trace: TraceOrigin) => boolean,
): Promise<OnlineScores> {
  const sweeps = await lineage(env.LINEAGE)
    .select({ evaluationId: evaluations.evaluationId, finishedAt: evaluations.finishedAt })
    .from(evaluations)
    .where(
      and(
        eq(evaluations.projectId, project),
        // Every version of the route: `~` is behind all that a version is spelt with.
        gte(evaluations.target, `route:${route}@`),
        lt(evaluations.target, `route:${route}@~`),
        eq(evaluations.mode, 'online'),
        eq(evaluations.status, 'finished'),
        gte(evaluations.finishedAt, finished.from),
        lte(evaluations.finishedAt, finished.to),
      ),
    )
    .orderBy(desc(evaluations.finishedAt))
    .limit(MAX_SWEEPS)
  const found = new Map<string, ScoredTrace>()
  const read: OnlineScores['evaluations'] = []
  let rowsRead = 0
  for (const { evaluationId, finishedAt } of sweeps) {
    if (rowsRead >= MAX_TRACES) break
    const rows: Pick<ScoredTrace, 'rowId' | 'cohort' | 'scores'>[] = []
    for await (const shard of scoreShards(env, project, evaluationId)) {
      rows.push(
        ...shard.map(({ rowId, cohort, scores }) => ({ rowId: callRowId(callOfRow(rowId)), cohort, scores })),
      )
    }
    rowsRead += rows.length
    const origins = await originsOf(
      env,
      project,
      rows.map(({ rowId }) => rowId),
    )
    let used = false
    for (const { rowId, cohort, scores } of rows) {
      const origin = origins.get(rowId)
      if (!origin || !isWanted(origin)) continue
      used = true
      if (!found.has(rowId)) found.set(rowId, { ...origin, rowId, cohort, scores })
    }
    if (used) read.push({ evaluationId, finishedAt: finishedAt! })
  }
  return { traces: [...found.values()], evaluations: read }
}

/** The ids go as one JSON list, since D1 binds at most 100 parameters a statement. */
async function originsOf(
  env: Env,
  project: string,
  rowIds: readonly string[],
): Promise<Map<string, TraceOrigin>> {
  const calls = rowIds.map(callOfRow).map(({ traceId, spanId }) => [traceId, spanId])
  const rows = await lineage(env.LINEAGE)
    .select({
      traceId: traces.traceId,
      spanId: traces.spanId,
      model: traces.model,
      promptRef: traces.promptRef,
      routeVersion: traces.routeVersion,
      arm: traces.arm,
      at: traces.at,
    })
    .from(traces)
    .where(
      and(
        eq(traces.projectId, project),
        sql`(${traces.traceId}, ${traces.spanId}) IN (SELECT value ->> 0, value ->> 1 FROM json_each(${JSON.stringify(calls)}))`,
      ),
    )
  return new Map(rows.map(({ traceId, spanId, ...origin }) => [callRowId({ traceId, spanId }), origin]))
}
