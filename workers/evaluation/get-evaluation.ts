import { and, eq } from 'drizzle-orm'
import { ProblemError } from '../../domain/problem.ts'
import type { Lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'

/**
 * An evaluation of a project; one of another project is as unknown as one that never was.
 *
 * @throws ProblemError `not.found`
 */
export async function getEvaluation(
  db: Lineage,
  project: string,
  evaluationId: string,
): Promise<typeof evaluations.$inferSelect> {
  const [row] = await db
    .select()
    .from(evaluations)
    .where(and(eq(evaluations.projectId, project), eq(evaluations.evaluationId, evaluationId)))
  if (!row) throw new ProblemError('not.found', `There is no evaluation ${evaluationId}`)
  return row
}
