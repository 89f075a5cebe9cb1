import { and, eq, ne } from 'drizzle-orm'
import { flagCohorts, type Finding } from '../../domain/monitoring/flag.ts'
import type { Json } from '../../domain/json.ts'
import type { StageParams } from '../../domain/stages/params.ts'
import type { Env } from '../env.ts'
import { cohortScoresOf } from '../evaluation/finish.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { incidents, monitors, sweeps } from '../lineage/schema.ts'
import { announce } from '../triggers/announce.ts'
import { evaluationOfSweep } from './sweep.ts'

/** Judges a scored sample, and opens an incident for each flagged cohort that has none. */
export async function finishSweep(env: Env, project: string, sweepId: string): Promise<void> {
  const db = lineage(env.LINEAGE)
  const [sweep] = await db.select().from(sweeps).where(eq(sweeps.sweepId, sweepId))
  const [monitor] = await db
    .select()
    .from(monitors)
    .where(and(eq(monitors.projectId, project), eq(monitors.route, sweep!.route)))
  const scores = await cohortScoresOf(env, evaluationOfSweep(sweepId))
  const baseline = await cohortScoresOf(env, monitor!.baselineEvaluationId)
  const findings = flagCohorts(scores, baseline, monitor!.policy as unknown as StageParams<'monitor'>)
  await db
    .update(sweeps)
    .set({ status: 'finished', findings: findings as unknown as Json, finishedAt: Date.now() })
    .where(eq(sweeps.sweepId, sweepId))
  const flagged = Object.groupBy(
    findings.filter((finding) => finding.flagged),
    ({ cohort }) => cohort,
  )
  for (const [cohort, causes] of Object.entries(flagged)) await openIncident(db, sweep!, cohort, causes!)
  announce(env, { kind: 'incident', project, subject: sweep!.route })
}

/** One open incident for a route's cohort: a second sweep that sees the same adds none. */
async function openIncident(
  db: Lineage,
  sweep: typeof sweeps.$inferSelect,
  cohort: string,
  causes: Finding[],
): Promise<void> {
  const [open] = await db
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.projectId, sweep.projectId),
        eq(incidents.route, sweep.route),
        eq(incidents.cohort, cohort),
        ne(incidents.state, 'resolved'),
      ),
    )
  if (open) return
  const sentence = causes
    .map(
      ({ metric, n, mean, threshold }) =>
        `${metric} is ${mean.toFixed(3)} on ${n} traces, below ${threshold.toFixed(3)}`,
    )
    .join('; ')
  await db
    .insert(incidents)
    .values({
      incidentId: `inc_${sweep.sweepId}_${cohort}`,
      projectId: sweep.projectId,
      route: sweep.route,
      routeVersion: sweep.routeVersion,
      cohort,
      sweepId: sweep.sweepId,
      state: 'open',
      sentence: `${sentence}.`,
      evidence: causes as unknown as Json,
      openedAt: Date.now(),
    })
    .onConflictDoNothing()
}
