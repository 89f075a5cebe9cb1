import { and, asc, eq, isNull, lte, ne, or } from 'drizzle-orm'
import { moment, waiverEnd, waiverState } from '../../domain/gates/waiver.ts'
import { shortRef } from '../../domain/ref.ts'
import { TERMINAL_RUN, type RunStatus } from '../../domain/run/state.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { incidents, runs, stageRuns, verdicts, waivers } from '../lineage/schema.ts'
import {
  effectsOf,
  inProduction,
  productionVersions,
  steppedFor,
  type InProduction,
} from './in-production.ts'

/** Waivers that one tick looks at. */
const MAX_WAIVERS = 50

type WaiverRow = typeof waivers.$inferSelect

/**
 * For each waiver that has ended: what passed by it and is still in production is flagged, once for each route. The
 * waiver is done with when no run that passed by it is under way any more, since that one may still deploy.
 */
export async function handleExpiredWaivers(env: Env, now: number): Promise<void> {
  const db = lineage(env.LINEAGE)
  const ended = await db
    .select()
    .from(waivers)
    .where(and(isNull(waivers.expiryHandledAt), or(lte(waivers.expiresAt, now), lte(waivers.revokedAt, now))))
    .orderBy(asc(waivers.expiresAt))
    .limit(MAX_WAIVERS)
  for (const waiver of ended) {
    try {
      await handleEnded(env, db, waiver, now)
    } catch (error) {
      console.error({ message: 'ended waiver not handled', waiver: waiver.waiverId, error: String(error) })
    }
  }
  await resolveWaiverIncidents(env, db, now)
}

async function handleEnded(env: Env, db: Lineage, waiver: WaiverRow, now: number): Promise<void> {
  const passed = await passedBy(db, waiver)
  const places = await inProduction(env, waiver.projectId, await effectsOf(db, [...passed.keys()]))
  for (const place of places) {
    const runId = place.letInBy.find((each) => passed.has(each))
    if (runId !== undefined) await openIncident(db, waiver, place, { runId, ...passed.get(runId)! }, now)
  }
  const isLive = [...passed.values()].some(({ status }) => !TERMINAL_RUN.has(status))
  if (isLive) return
  await db.update(waivers).set({ expiryHandledAt: now }).where(eq(waivers.waiverId, waiver.waiverId))
}

interface PassedBy {
  status: RunStatus
  attempt: number
  sentence: string
}

/** The runs whose stage was let through by this waiver, in the attempt that counted. */
async function passedBy(db: Lineage, waiver: WaiverRow): Promise<Map<string, PassedBy>> {
  const rows = await db
    .select({
      runId: runs.runId,
      status: runs.status,
      attempt: verdicts.attempt,
      sentence: verdicts.sentence,
    })
    .from(verdicts)
    .innerJoin(runs, eq(runs.runId, verdicts.runId))
    .innerJoin(
      stageRuns,
      and(
        eq(stageRuns.runId, verdicts.runId),
        eq(stageRuns.stage, verdicts.stage),
        eq(stageRuns.attempt, verdicts.attempt),
      ),
    )
    .where(and(eq(verdicts.projectId, waiver.projectId), eq(verdicts.waiverId, waiver.waiverId)))
  return new Map(rows.map(({ runId, status, ...row }) => [runId, { ...row, status: status as RunStatus }]))
}

/** One incident for a waiver and a route, however often this is called. */
async function openIncident(
  db: Lineage,
  waiver: WaiverRow,
  { place, version, model }: InProduction,
  by: PassedBy & { runId: string },
  now: number,
): Promise<void> {
  const { waiverId, stage, gate } = waiver
  const subject = place.includes(':')
    ? `The alias ${place} points at ${shortRef(model)}`
    : `The route ${place} serves ${shortRef(model)}`
  const end = waiverState(waiver, now) === 'revoked' ? 'was revoked on' : 'ended on'
  const when = moment(waiverEnd(waiver))
  await db
    .insert(incidents)
    .values({
      incidentId: `inc_${waiverId}_${place}`,
      projectId: waiver.projectId,
      route: place,
      routeVersion: version,
      // A waiver is about the whole version: what stands here names the gate, and is no cohort's name.
      cohort: `${stage}/${gate}`,
      sweepId: '',
      kind: 'waiver',
      state: 'open',
      sentence: `${subject}, which passed the gate ${gate} of ${stage} by a waiver that ${end} ${when}; the gate is in force again.`,
      evidence: {
        waiverId,
        author: waiver.author,
        reason: waiver.reason,
        endedAt: waiverEnd(waiver),
        runId: by.runId,
        stage,
        attempt: by.attempt,
        gate,
        verdict: by.sentence,
      },
      openedAt: now,
    })
    .onConflictDoNothing()
}

/** An incident of a waiver is over when something else has taken the place of the version that it is about. */
async function resolveWaiverIncidents(env: Env, db: Lineage, now: number): Promise<void> {
  const open = await db
    .select()
    .from(incidents)
    .where(and(eq(incidents.kind, 'waiver'), ne(incidents.state, 'resolved')))
  for (const [project, rows] of Map.groupBy(open, ({ projectId }) => projectId)) {
    const current = await productionVersions(env, project)
    for (const { incidentId, route, routeVersion, evidence } of rows) {
      const version = current.get(route)
      if (version === routeVersion) continue
      // The canary that it is about has another share: no less in force.
      const runId = version === undefined ? undefined : await steppedFor(db, project, version)
      if (runId !== undefined && runId === (evidence as { runId?: string }).runId) continue
      await db
        .update(incidents)
        .set({ state: 'resolved', resolvedAt: now })
        .where(eq(incidents.incidentId, incidentId))
    }
  }
}
