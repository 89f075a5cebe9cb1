import { parseRef } from '../../domain/ref.ts'
import { lineage } from '../lineage/db.ts'
import { monitors } from '../lineage/schema.ts'
import { inputOf, type StageExecutor } from './executor.ts'

/** Installs the sweep of the deployed route: how it samples, what it runs, and the promotion it holds traffic against. */
export const monitor: StageExecutor<'monitor'> = {
  async execute(env, job) {
    const route = parseRef(inputOf(job, 'route')).name
    const row = {
      projectId: job.run.project,
      route,
      policy: job.params,
      baselineEvaluationId: inputOf(job, 'evaluation'),
      runId: job.run.runId,
      updatedAt: Date.now(),
    }
    await lineage(env.LINEAGE)
      .insert(monitors)
      .values(row)
      .onConflictDoUpdate({ target: [monitors.projectId, monitors.route], set: row })
    return { status: 'produced', outputs: { monitor: route } }
  },
}
