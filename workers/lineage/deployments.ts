import { and, desc, eq } from 'drizzle-orm'
import { lineage, type Lineage } from './db.ts'
import { auditEntries, deployments } from './schema.ts'

export type Deployment = typeof deployments.$inferInsert

/** A route was taken away: it points at nothing. */
export type Withdrawal = Omit<Deployment, 'kind' | 'routeVersion'> & { kind: 'withdraw'; routeVersion: null }

/**
 * One audit entry for each move of a route, and one deployment row when it points at a version now. Told twice, written
 * once.
 */
export async function recordDeployment(
  binding: D1Database,
  deployment: Deployment | Withdrawal,
): Promise<void> {
  const db = lineage(binding)
  await db.batch([
    db
      .insert(auditEntries)
      .values({
        auditId: `route/${deployment.deploymentId}`,
        projectId: deployment.projectId,
        action: `route.${deployment.kind}`,
        target: `route:${deployment.route}`,
        fromVersion: deployment.previousVersion ?? null,
        toVersion: deployment.routeVersion,
        fence: deployment.fence,
        actor: deployment.actor,
        runId: deployment.runId ?? null,
        reason: deployment.reason,
        at: deployment.at,
      })
      .onConflictDoNothing(),
    ...(deployment.kind === 'withdraw'
      ? []
      : [db.insert(deployments).values(deployment).onConflictDoNothing()]),
  ])
}

/** A route's deployments and rollbacks, newest first. */
export function deploymentsOf(db: Lineage, project: string, route: string, limit: number) {
  return db
    .select()
    .from(deployments)
    .where(and(eq(deployments.projectId, project), eq(deployments.route, route)))
    .orderBy(desc(deployments.epoch))
    .limit(limit)
}
