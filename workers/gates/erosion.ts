import { and, count, desc, eq, gte, inArray, isNotNull, lt, ne, sql } from 'drizzle-orm'
import { IDLE_RUNS } from '../../domain/erosion/idle-gates.ts'
import { erosionReport, type ErosionReport } from '../../domain/erosion/report.ts'
import { TREND_WEEKS, WEEK_MS } from '../../domain/erosion/waiver-trend.ts'
import { APPROVAL_GATE, TERMINAL_RUN } from '../../domain/run/state.ts'
import type { Lineage } from '../lineage/db.ts'
import { apiKeys, auditEntries, runs, verdicts, waivers } from '../lineage/schema.ts'
import { findWorkflow, listVersions } from '../registry/workflow-versions.ts'

/** How far back the report looks for verdicts. */
const LOOK_BACK_MS = 90 * 86_400_000
const MAX_WAIVERS = 200
const MAX_REPLACEMENTS = 100
const MAX_VERSIONS = 100

interface Of {
  project: string
  workflow: string
}

/** The erosion report of a workflow. @throws ProblemError `not.found` */
export async function loadErosion(db: Lineage, of: Of, now: number): Promise<ErosionReport> {
  await findWorkflow(db, of.project, of.workflow)
  const versions = await listVersions(db, of.project, of.workflow, { limit: MAX_VERSIONS })
  const [nameOf, replaced, granted, used, history, weeks] = await Promise.all([
    keyNames(db, of.project),
    replacementsOf(db, of),
    waiversOf(db, of),
    usesOfWaivers(db, of),
    gateHistory(db, of, now),
    waivedByWeek(db, of, now),
  ])
  const named = <R extends { author: string }>(row: R) => ({
    ...row,
    authorName: nameOf.get(row.author) ?? null,
  })
  return erosionReport(
    {
      workflow: of.workflow,
      versions: versions.map(named),
      replacements: replaced.map(named),
      waivers: granted.map((row) => ({ ...named(row), used: used.get(row.waiverId) ?? 0 })),
      history,
      weeks,
    },
    now,
  )
}

async function keyNames(db: Lineage, project: string): Promise<Map<string, string>> {
  const rows = await db.select().from(apiKeys).where(eq(apiKeys.projectId, project))
  return new Map(rows.map(({ keyId, name }) => [keyId, name]))
}

/** Each time a weaker version took the place of another. */
async function replacementsOf(db: Lineage, { project, workflow }: Of) {
  const rows = await db
    .select()
    .from(auditEntries)
    .where(
      and(
        eq(auditEntries.projectId, project),
        eq(auditEntries.target, `workflow:${workflow}`),
        eq(auditEntries.action, 'workflow.weakened'),
      ),
    )
    .orderBy(desc(auditEntries.at))
    .limit(MAX_REPLACEMENTS)
  return rows.map(({ fromVersion, toVersion, actor, at }) => ({
    fromVersion: fromVersion ?? '',
    toVersion: toVersion ?? '',
    author: actor,
    at,
  }))
}

function waiversOf(db: Lineage, { project, workflow }: Of) {
  return db
    .select({
      waiverId: waivers.waiverId,
      stage: waivers.stage,
      gate: waivers.gate,
      reason: waivers.reason,
      author: waivers.author,
      createdAt: waivers.createdAt,
      expiresAt: waivers.expiresAt,
      revokedAt: waivers.revokedAt,
    })
    .from(waivers)
    .where(and(eq(waivers.projectId, project), eq(waivers.workflow, workflow)))
    .orderBy(desc(waivers.createdAt))
    .limit(MAX_WAIVERS)
}

const ofWorkflow = ({ project, workflow }: Of) =>
  and(eq(runs.projectId, project), eq(runs.workflow, workflow))

/** A gate that could not be run has a verdict all the same, and one that was waived keeps what it was. */
const wasRun = and(
  ne(verdicts.verdict, 'not_run'),
  sql`coalesce(json_extract(${verdicts.evidence}, '$.waived.verdict'), '') <> 'not_run'`,
)

async function usesOfWaivers(db: Lineage, of: Of): Promise<Map<string | null, number>> {
  const rows = await db
    .select({ waiverId: verdicts.waiverId, used: count() })
    .from(runs)
    .innerJoin(verdicts, eq(verdicts.runId, runs.runId))
    .where(and(ofWorkflow(of), isNotNull(verdicts.waiverId)))
    .groupBy(verdicts.waiverId)
  return new Map(rows.map(({ waiverId, used }) => [waiverId, used]))
}

async function gateHistory(db: Lineage, of: Of, now: number) {
  const since = now - LOOK_BACK_MS
  const endedRuns = await db
    .select({ runId: runs.runId, createdAt: runs.createdAt })
    .from(runs)
    .where(and(ofWorkflow(of), inArray(runs.status, [...TERMINAL_RUN])))
    .orderBy(desc(runs.createdAt))
    .limit(IDLE_RUNS)
  const ran = await db
    .select({ runId: verdicts.runId, stage: verdicts.stage, gate: verdicts.gate })
    .from(verdicts)
    .where(
      and(
        inArray(
          verdicts.runId,
          endedRuns.map(({ runId }) => runId),
        ),
        wasRun,
      ),
    )
  const lastRan = await db
    .select({ stage: verdicts.stage, gate: verdicts.gate, at: sql<number>`max(${verdicts.at})` })
    .from(runs)
    .innerJoin(verdicts, eq(verdicts.runId, runs.runId))
    .where(and(ofWorkflow(of), gte(runs.createdAt, since), wasRun))
    .groupBy(verdicts.stage, verdicts.gate)
  return { endedRuns, ran, lastRan, since }
}

function waivedByWeek(db: Lineage, of: Of, now: number) {
  const age = sql<number>`cast((${now} - 1 - ${verdicts.at}) / ${WEEK_MS} as integer)`
  return db
    .select({
      age,
      verdicts: count(),
      waived: sql<number>`sum(${verdicts.verdict} = 'waived')`,
    })
    .from(runs)
    .innerJoin(verdicts, eq(verdicts.runId, runs.runId))
    .where(
      and(
        ofWorkflow(of),
        gte(runs.createdAt, now - LOOK_BACK_MS),
        gte(verdicts.at, now - TREND_WEEKS * WEEK_MS),
        lt(verdicts.at, now),
        ne(verdicts.gate, APPROVAL_GATE),
      ),
    )
    .groupBy(sql`1`)
}
