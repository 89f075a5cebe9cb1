import { and, desc, eq, lte, notInArray, sql } from 'drizzle-orm'
import type { Lineage } from './db.ts'
import { runs, stageRuns } from './schema.ts'

/** The run that last deployed a model to a route by a moment, and was not undone. */
export async function deployingRun(
  db: Lineage,
  { project, route, model, by }: { project: string; route: string; model: string; by: number },
): Promise<string | undefined> {
  const prefix = `route:${route}@`
  const [row] = await db
    .select({ runId: stageRuns.runId })
    .from(stageRuns)
    .innerJoin(runs, eq(runs.runId, stageRuns.runId))
    .where(
      and(
        eq(stageRuns.projectId, project),
        eq(stageRuns.kind, 'deploy'),
        eq(stageRuns.status, 'passed'),
        lte(stageRuns.finishedAt, by),
        sql`json_extract(${stageRuns.inputs}, '$.model') = ${model}`,
        sql`substr(json_extract(${stageRuns.outputs}, '$.route'), 1, ${prefix.length}) = ${prefix}`,
        notInArray(runs.status, ['rolling_back', 'rolled_back']),
      ),
    )
    .orderBy(desc(stageRuns.finishedAt))
    .limit(1)
  return row?.runId
}
