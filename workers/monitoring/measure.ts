import { median } from 'simple-statistics'
import { and, eq, gte } from 'drizzle-orm'
import {
  deployCadence,
  endToEndTime,
  evaluatorCoverage,
  gatePassRate,
  lineageCompleteness,
  rerunReproducibility,
} from '../../domain/measures/measures.ts'
import type { Suite } from '../../domain/evaluation/suite.ts'
import { canonicalJson } from '../../domain/hash.ts'
import { STAGE_KINDS } from '../../domain/stages/contracts.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { reliabilityRecord } from '../lineage/reliability-record.ts'
import { deployments, evaluations, runs, stageRuns, verdicts } from '../lineage/schema.ts'
import { parseRef } from '../../domain/ref.ts'

/** The six measures of a project over a window, each with what it was counted from. */
export async function measureProject(env: Env, project: string, from: number, now: number) {
  const db = lineage(env.LINEAGE)
  const ownRuns = await db
    .select()
    .from(runs)
    .where(and(eq(runs.projectId, project), gte(runs.createdAt, from)))
  const ownStages = await db
    .select()
    .from(stageRuns)
    .where(and(eq(stageRuns.projectId, project), gte(stageRuns.startedAt, from)))
  const ownVerdicts = await db
    .select()
    .from(verdicts)
    .where(and(eq(verdicts.projectId, project), gte(verdicts.at, from)))
  const moves = await db
    .select()
    .from(deployments)
    .where(and(eq(deployments.projectId, project), gte(deployments.at, from)))
  const offline = await db
    .select()
    .from(evaluations)
    .where(
      and(
        eq(evaluations.projectId, project),
        eq(evaluations.mode, 'offline'),
        gte(evaluations.createdAt, from),
      ),
    )
  const deployed = moves.filter(({ kind }) => kind === 'deploy')
  const kindOf = new Map(ownStages.map((row) => [`${row.runId}/${row.stage}`, row.kind]))
  return {
    from,
    to: now,
    endToEndStageTime: {
      ...endToEndTime(ownRuns.map((run) => deploymentTimes(run.runId, run.status, ownStages))),
      byKind: byKind((kind) => medianDuration(ownStages.filter((row) => row.kind === kind))),
    },
    gatePassRate: {
      ...gatePassRate(ownVerdicts),
      byKind: byKind(
        (kind) =>
          gatePassRate(ownVerdicts.filter((row) => kindOf.get(`${row.runId}/${row.stage}`) === kind)).value,
      ),
    },
    lineageCompleteness: lineageCompleteness(await deploymentFacts(env, project, deployed)),
    rerunReproducibility: rerunReproducibility(repeatedStages(ownStages)),
    deployCadence: deployCadence(
      deployed.map(({ at }) => at),
      from,
      now,
    ),
    evaluatorCoverage: evaluatorCoverage(
      offline.map(({ suite }) => (suite as unknown as Suite).metrics.map(({ evaluator }) => evaluator)),
    ),
  }
}

type StageRow = typeof stageRuns.$inferSelect

function deploymentTimes(runId: string, status: string, stages: readonly StageRow[]) {
  const own = stages.filter((row) => row.runId === runId)
  const deployedAt =
    own.find(({ kind, status: state }) => kind === 'deploy' && state === 'passed')?.finishedAt ?? null
  const ingestStartedAt = own.find(({ kind }) => kind === 'ingest')?.startedAt ?? null
  return { runId, status, ingestStartedAt, deployedAt }
}

function byKind<T>(measure: (kind: string) => T): Record<string, T> {
  return Object.fromEntries(STAGE_KINDS.map((kind) => [kind, measure(kind)]))
}

function medianDuration(stages: readonly StageRow[]): number | null {
  const times = stages.flatMap(({ startedAt, finishedAt }) =>
    startedAt !== null && finishedAt !== null ? [finishedAt - startedAt] : [],
  )
  return times.length === 0 ? null : median(times)
}

/** Outputs of passed stage runs, grouped by kind and inputs; evaluations are named by run and are left out. */
function repeatedStages(stages: readonly StageRow[]): string[][] {
  const executed = stages.filter(
    ({ kind, status }) => status === 'passed' && ['ingest', 'clean', 'features', 'train'].includes(kind),
  )
  const groups = Object.groupBy(executed, ({ kind, inputs, stage }) => canonicalJson([kind, stage, inputs]))
  return Object.values(groups).map((rows) => rows!.map(({ outputs }) => canonicalJson(refsIn(outputs))))
}

function refsIn(outputs: StageRow['outputs']): unknown {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => typeof value === 'string' && value.includes('@')),
  )
}

async function deploymentFacts(
  env: Env,
  project: string,
  deployed: readonly { route: string; routeVersion: string }[],
) {
  const versions = new Map(deployed.map(({ route, routeVersion }) => [routeVersion, route]))
  const facts = []
  for (const [version, route] of versions) {
    const record = await reliabilityRecord(env, project, route, parseRef(version).version)
    const has = (name: string) => !record.missing.includes(name as never)
    facts.push({ dataset: has('dataset version'), codeSha: has('code SHA'), scores: has('scores') })
  }
  return facts
}
