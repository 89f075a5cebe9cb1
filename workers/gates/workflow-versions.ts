import { ProblemError } from '../../domain/problem.ts'
import type { Lineage } from '../lineage/db.ts'
import { listVersions, type StoredVersion } from '../registry/workflow-versions.ts'

/** Versions that a report looks back on. */
const MAX_VERSIONS = 100

/** The versions of a workflow, newest applied first; at least one. @throws ProblemError `not.found` */
export async function versionsOf(
  db: Lineage,
  project: string,
  workflow: string,
  limit = MAX_VERSIONS,
): Promise<StoredVersion[]> {
  const versions = await listVersions(db, project, workflow, { limit })
  if (versions.length === 0) throw new ProblemError('not.found', `There is no workflow ${workflow}`)
  return versions
}

/** The version that runs are started of. @throws ProblemError `not.found` */
export async function currentWorkflow(
  db: Lineage,
  project: string,
  workflow: string,
): Promise<StoredVersion> {
  const [current] = await versionsOf(db, project, workflow, 1)
  return current!
}
