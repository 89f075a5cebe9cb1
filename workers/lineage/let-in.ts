import { and, desc, eq, inArray, isNotNull, notInArray, or, sql } from 'drizzle-orm'
import type { Lineage } from './db.ts'
import { runs, stageRuns, verdicts } from './schema.ts'

/** A gate that a run had to pass before its model got in. */
export interface PassedGate {
  gate: string
  /** Waived and inconclusive gates let a stage through, too, and are told as what they are. */
  verdict: string
  stage: string
  runId: string
  at: number
}

/** D1 takes at most 100 bound parameters a statement. */
const MAX_RUNS = 90
/** Deployments and promotions that are looked at, newest first. */
const MAX_STAGES = 200

/**
 * The gates that let models into a route, by model: those before the newest deployment of the model to it that was not
 * undone, and those before the newest promotion of the model. A model without any is not in the answer.
 */
export async function gatesThatLetIn(
  db: Lineage,
  { project, route, models }: { project: string; route: string; models: readonly string[] },
): Promise<Map<string, PassedGate[]>> {
  const entries = await entriesOf(db, project, route, models)
  const runIds = [...new Set(entries.map(({ runId }) => runId))]
  if (runIds.length === 0) return new Map()
  const takenOver = await db
    .select({ runId: stageRuns.runId, from: stageRuns.cachedFrom })
    .from(stageRuns)
    .where(and(inArray(stageRuns.runId, runIds), isNotNull(stageRuns.cachedFrom)))
  const ofRuns = [...new Set([...runIds, ...takenOver.map(({ from }) => from!.runId)])].slice(0, MAX_RUNS)
  const rows = await db.select().from(verdicts).where(inArray(verdicts.runId, ofRuns)).orderBy(verdicts.at)
  const letIn = ({ runId, finishedAt }: Entry, row: (typeof rows)[number]) =>
    row.runId === runId
      ? row.at <= finishedAt
      : takenOver.some(
          (each) => each.runId === runId && each.from!.runId === row.runId && each.from!.stage === row.stage,
        )
  const found = new Map<string, PassedGate[]>()
  for (const model of models) {
    const own = entries.filter((entry) => entry.model === model)
    const passed = rows.filter((row) => own.some((entry) => letIn(entry, row)))
    // A gate that was evaluated again counts by its last verdict.
    const last = new Map(passed.map((row) => [`${row.runId}/${row.stage}/${row.gate}`, row]))
    const gates = [...last.values()].map(({ gate, verdict, stage, runId, at }) => ({
      gate,
      verdict,
      stage,
      runId,
      at,
    }))
    if (gates.length > 0) found.set(model, gates)
  }
  return found
}

interface Entry {
  model: string
  runId: string
  finishedAt: number
}

/** Of each model the newest deployment to the route and the newest promotion. */
async function entriesOf(
  db: Lineage,
  project: string,
  route: string,
  models: readonly string[],
): Promise<Entry[]> {
  const deployed = sql<string>`json_extract(${stageRuns.inputs}, '$.model')`
  const promoted = sql<string>`json_extract(${stageRuns.outputs}, '$.model')`
  const prefix = `route:${route}@`
  const ofRoute = sql`substr(json_extract(${stageRuns.outputs}, '$.route'), 1, ${prefix.length}) = ${prefix}`
  const rows = await db
    .select({
      kind: stageRuns.kind,
      runId: stageRuns.runId,
      finishedAt: stageRuns.finishedAt,
      deployed: deployed.as('deployed'),
      promoted: promoted.as('promoted'),
    })
    .from(stageRuns)
    .innerJoin(runs, eq(runs.runId, stageRuns.runId))
    .where(
      and(
        eq(stageRuns.projectId, project),
        eq(stageRuns.status, 'passed'),
        notInArray(runs.status, ['rolling_back', 'rolled_back']),
        or(
          and(eq(stageRuns.kind, 'deploy'), ofRoute, inArray(deployed, [...models])),
          and(eq(stageRuns.kind, 'promote'), inArray(promoted, [...models])),
        ),
      ),
    )
    .orderBy(desc(stageRuns.finishedAt))
    .limit(MAX_STAGES)
  const newest = new Map<string, Entry>()
  for (const { kind, runId, finishedAt, ...made } of rows) {
    const model = kind === 'deploy' ? made.deployed : made.promoted
    const key = `${kind} ${model}`
    if (finishedAt !== null && !newest.has(key)) newest.set(key, { model, runId, finishedAt })
  }
  // One run that does both is one entry, up to its later stage.
  const merged = new Map<string, Entry>()
  for (const entry of newest.values()) {
    const key = `${entry.runId} ${entry.model}`
    const finishedAt = Math.max(entry.finishedAt, merged.get(key)?.finishedAt ?? 0)
    merged.set(key, { ...entry, finishedAt })
  }
  return [...merged.values()]
}
