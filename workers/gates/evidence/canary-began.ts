import { and, asc, desc, eq } from 'drizzle-orm'
import type { Lineage } from '../../lineage/db.ts'
import { deployments } from '../../lineage/schema.ts'

/** A route version whose traffic is looked at, and since when it has any; null before it is in force. */
export interface Watched {
  version: string
  at: number | null
}

/** When a route version last came into force. */
export async function activatedAt(db: Lineage, project: string, version: string): Promise<number | null> {
  return (await lastMove(db, project, version))?.at ?? null
}

/** The first version of a canary, of which `version` may be a later step: steps belong to the run that began it. */
export async function canaryBegan(db: Lineage, project: string, version: string): Promise<Watched> {
  const last = await lastMove(db, project, version)
  if (!last?.runId) return { version, at: last?.at ?? null }
  const [first] = await db
    .select({ version: deployments.routeVersion, at: deployments.at })
    .from(deployments)
    .where(
      and(
        eq(deployments.projectId, project),
        eq(deployments.route, last.route),
        eq(deployments.runId, last.runId),
      ),
    )
    .orderBy(asc(deployments.epoch))
    .limit(1)
  return first!
}

async function lastMove(db: Lineage, project: string, version: string) {
  const [row] = await db
    .select({ route: deployments.route, runId: deployments.runId, at: deployments.at })
    .from(deployments)
    .where(and(eq(deployments.projectId, project), eq(deployments.routeVersion, version)))
    .orderBy(desc(deployments.at))
    .limit(1)
  return row
}
