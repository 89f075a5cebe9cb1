import { and, desc, eq } from 'drizzle-orm'
import { ProblemError } from '../../domain/problem.ts'
import type { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import type { Lineage } from './db.ts'
import { workflowVersions } from './schema.ts'

/**
 * A version of a workflow; the one that was applied last when none is named.
 *
 * @throws ProblemError `not.found`
 */
export async function findWorkflow(
  db: Lineage,
  project: string,
  workflow: string,
  version?: string,
): Promise<{ definition: WorkflowDefinition; version: string; author: string }> {
  const [row] = await db
    .select()
    .from(workflowVersions)
    .where(
      and(
        eq(workflowVersions.projectId, project),
        eq(workflowVersions.workflow, workflow),
        ...(version === undefined ? [] : [eq(workflowVersions.version, version)]),
      ),
    )
    .orderBy(desc(workflowVersions.appliedAt))
    .limit(1)
  if (!row)
    throw new ProblemError(
      'not.found',
      `There is no workflow ${workflow}${version ? ` of version ${version}` : ''}`,
    )
  return {
    definition: row.definition as unknown as WorkflowDefinition,
    version: row.version,
    author: row.author,
  }
}
