import type { Env } from './env.ts'
import { closeApprovals, reportDecidedApprovals } from './gates/approvals.ts'
import { handleExpiredWaivers } from './gates/waiver-expiry.ts'
import { lineage } from './lineage/db.ts'
import { liveRuns } from './lineage/runs.ts'
import { monitors } from './lineage/schema.ts'
import { startSweep } from './monitoring/sweep.ts'
import { continueBackfills } from './triggers/backfill.ts'
import { fireDueCrons } from './triggers/due-crons.ts'
import { fireMissed } from './triggers/missed.ts'

const DAY_MS = 86_400_000
/** Runs that one tick looks at. */
const MAX_RUNS = 500

/** Cron expressions of wrangler.toml, and what each is for. */
const CRONS: Record<string, readonly ((env: Env, now: number) => Promise<void>)[]> = {
  '* * * * *': [
    fireDueCrons,
    fireMissed,
    continueBackfills,
    handleExpiredWaivers,
    closeApprovals,
    reportDecidedApprovals,
    pokeRuns,
  ],
  '0 2 * * *': [sweepRoutes],
}

export async function runCron(env: Env, cron: string, now: number): Promise<void> {
  for (const job of CRONS[cron] ?? []) {
    try {
      await job(env, now)
    } catch (error) {
      console.error({ message: 'cron job failed', job: job.name, error: String(error) })
    }
  }
}

/** Wakes the object of each run that has not ended: one whose alarm was lost sets it again. */
async function pokeRuns(env: Env): Promise<void> {
  for (const runId of await liveRuns(lineage(env.LINEAGE), MAX_RUNS))
    await env.WORKFLOW_RUN.getByName(runId).poke()
}

/** The nightly sweep of every monitored route, over the last day. The night is the seed. */
async function sweepRoutes(env: Env, now: number): Promise<void> {
  const seed = new Date(now).toISOString().slice(0, 10)
  for (const { projectId, route } of await lineage(env.LINEAGE).select().from(monitors)) {
    try {
      await startSweep(env, { project: projectId, route, from: now - DAY_MS, to: now, seed, now })
    } catch (error) {
      console.error({ message: 'nightly sweep not started', project: projectId, route, error: String(error) })
    }
  }
}
