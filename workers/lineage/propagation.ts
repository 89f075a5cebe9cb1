import { and, desc, eq, sql } from 'drizzle-orm'
import { ProblemError } from '../../domain/problem.ts'
import type { Lineage } from './db.ts'
import { deployments, traces } from './schema.ts'
import { tracesIn } from './traces.ts'

/** How fast a change of a route came into force, by the requests around it. Times are in ms since the epoch. */
export interface Propagation {
  route: string
  routeVersion: string
  /** Of the route table from the change on. */
  epoch: number
  activatedAt: number
  /** Arrival of the last request that an older table served; null without one in the window. */
  lastOnOlder: number | null
  /** From the activation to that request; below 0 when none came to an older table any more. */
  ms: number | null
  /** Arrival of the first request that this table, or a newer one, served. */
  firstOnNewer: number | null
  /** Requests in the window by the table that served them; `late` are those on an older one after the activation. */
  requests: { older: number; late: number; newer: number }
}

/**
 * Propagation of a deployment or rollback of a route: the one at `epoch`, or the newest. Counts the traces from `windowMs`
 * before the activation until as long after it that are stored by now; those from before epochs were recorded are left
 * out. The two times are from different machines, so they are as exact as their clocks.
 */
export async function propagationOf(
  db: Lineage,
  project: string,
  route: string,
  { epoch: wanted, windowMs }: { epoch?: number | undefined; windowMs: number },
): Promise<Propagation> {
  const [deployment] = await db
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.projectId, project),
        eq(deployments.route, route),
        wanted === undefined ? undefined : eq(deployments.epoch, wanted),
      ),
    )
    .orderBy(desc(deployments.at), desc(deployments.epoch))
    .limit(1)
  if (!deployment) {
    const which = wanted === undefined ? 'has not been deployed' : `was not changed at epoch ${wanted}`
    throw new ProblemError('not.found', `The route ${route} ${which}`)
  }
  const { routeVersion, epoch, at: activatedAt } = deployment
  const older = sql`${traces.epoch} < ${epoch}`
  const newer = sql`${traces.epoch} >= ${epoch}`
  const [seen] = await db
    .select({
      lastOnOlder: sql<number | null>`max(${traces.at}) FILTER (WHERE ${older})`,
      firstOnNewer: sql<number | null>`min(${traces.at}) FILTER (WHERE ${newer})`,
      older: sql<number>`count(*) FILTER (WHERE ${older})`,
      late: sql<number>`count(*) FILTER (WHERE ${older} AND ${traces.at} > ${activatedAt})`,
      newer: sql<number>`count(*) FILTER (WHERE ${newer})`,
    })
    .from(traces)
    .where(tracesIn({ project, route, from: activatedAt - windowMs, to: activatedAt + windowMs }))
  const { lastOnOlder, firstOnNewer, ...requests } = seen!
  const ms = lastOnOlder === null ? null : lastOnOlder - activatedAt
  return { route, routeVersion, epoch, activatedAt, lastOnOlder, ms, firstOnNewer, requests }
}
