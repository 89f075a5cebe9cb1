import { and, count, desc, eq, inArray } from 'drizzle-orm'
import { ProblemError } from '../../domain/problem.ts'
import { formatRef } from '../../domain/ref.ts'
import { deployedTarget } from '../../domain/routing/deployed-target.ts'
import type { RouteVersion } from '../../domain/routing/route.ts'
import { targetRoles } from '../../domain/routing/target-roles.ts'
import { mean } from '../../domain/statistics/mean.ts'
import type { Env } from '../env.ts'
import { cohortScoresOf } from '../evaluation/finish.ts'
import { findArtifact } from '../registry/artifacts.ts'
import { activeRoute } from '../routing/active-route.ts'
import { isKnownCode } from './stage-results.ts'
import { lineage, type Lineage } from './db.ts'
import { deployingRun } from './deploying-run.ts'
import { findRun, stagesOfRun, verdictsOfRun } from './runs.ts'
import { artifactEdges, attestations, deployments, evaluations, traces } from './schema.ts'

/** Traces that a record names; the counts are of all. */
const SAMPLE_TRACES = 20
/** Longest chain from a route version back to the rows that were ingested. */
const MAX_DEPTH = 12

/**
 * Everything that is known of one deployed version, in one document: dataset versions, code, prompt, scores, gate
 * verdicts, route decisions and traces. What is missing is named in `missing`, never left out in silence.
 */
export async function reliabilityRecord(env: Env, project: string, route: string, version?: string) {
  const db = lineage(env.LINEAGE)
  const ref =
    version === undefined
      ? (await activeRoute(env, project, route))?.version
      : formatRef('route', route, version)
  const artifact = ref === undefined ? undefined : await findArtifact(db, project, ref)
  if (!ref || !artifact)
    throw new ProblemError('not.found', `The route ${route} has no version ${version ?? 'yet'}`)
  const spec = artifact.manifest as unknown as RouteVersion
  const { model } = deployedTarget(spec)
  const upstream = await ancestors(db, project, model)
  // A person's step that took a canary away left what an earlier run had deployed.
  const runId = artifact.runId ?? (await deployingRun(db, { project, route, model, by: artifact.createdAt }))
  const run = runId ? await findRun(db, project, runId) : undefined
  const verdicts = run ? await verdictsOfRun(db, run.runId) : []
  const stages = run ? await stagesOfRun(db, run.runId) : []
  const evaluationId = stages.find(({ kind }) => kind === 'evaluate')?.outputs.evaluation
  const datasets = [...new Set([...upstream, ...(await sourceOf(db, project, evaluationId))])].filter(
    (name) => name.startsWith('dataset:'),
  )
  const scores = typeof evaluationId === 'string' ? await cohortScoresOf(env, evaluationId) : []
  const attested =
    datasets.length === 0
      ? []
      : await db
          .select()
          .from(attestations)
          .where(and(eq(attestations.projectId, project), inArray(attestations.subject, datasets)))
  const decisions = await db
    .select()
    .from(deployments)
    .where(and(eq(deployments.projectId, project), eq(deployments.routeVersion, ref)))
    .orderBy(desc(deployments.epoch))
  const missing = [
    datasets.length === 0 && 'dataset version',
    !isKnownCode(artifact.codeSha) && 'code SHA',
    scores.length === 0 && 'scores',
    attested.length === 0 && 'redaction attestation',
    verdicts.length === 0 && 'gate verdicts',
  ].filter((name) => name !== false)
  return {
    route,
    version: ref,
    run: run && {
      runId: run.runId,
      workflow: run.workflow,
      workflowVersion: run.workflowVersion,
      author: run.author,
    },
    codeSha: artifact.codeSha,
    model,
    prompt: spec.prompt,
    /** Whether the gateway renders it; otherwise callers do, and are believed. */
    promptBound: spec.promptTemplate !== undefined,
    targets: targetRoles(spec).map(({ target, role, share }) => {
      const { id, model: targetModel, baseUrl } = target
      return { id, model: targetModel, baseUrl, role, share }
    }),
    datasets,
    attestations: attested.map(({ subject, predicateType, statement, sha256 }) => ({
      subject,
      predicateType,
      sha256,
      statement,
    })),
    evaluation: evaluationId ?? null,
    scores: scores.map((score) => ({
      metric: score.metric,
      cohort: score.cohort,
      n: score.n,
      errors: score.errors,
      mean: mean(score),
    })),
    verdicts: verdicts.map(({ stage, attempt, gate, verdict, sentence, at }) => ({
      stage,
      attempt,
      gate,
      verdict,
      sentence,
      at,
    })),
    decisions,
    traces: await traceSummary(db, project, route, ref),
    missing,
  }
}

/** The dataset that an evaluation scored: of a model that somebody else made it is the only one that is known. */
async function sourceOf(db: Lineage, project: string, evaluationId: unknown): Promise<string[]> {
  if (typeof evaluationId !== 'string') return []
  const rows = await db
    .select({ source: evaluations.source })
    .from(evaluations)
    .where(and(eq(evaluations.projectId, project), eq(evaluations.evaluationId, evaluationId)))
  return rows.map(({ source }) => source)
}

/** Every artifact that this one was made from, directly or not. */
async function ancestors(db: Lineage, project: string, ref: string): Promise<string[]> {
  const found = new Set<string>()
  let frontier = [ref]
  for (let depth = 0; depth < MAX_DEPTH && frontier.length > 0; depth++) {
    const edges = await db
      .select({ input: artifactEdges.input })
      .from(artifactEdges)
      .where(and(eq(artifactEdges.projectId, project), inArray(artifactEdges.output, frontier.slice(0, 90))))
    frontier = [...new Set(edges.map(({ input }) => input))].filter((input) => !found.has(input))
    frontier.forEach((input) => found.add(input))
  }
  return [...found]
}

/** The route is asked for, too: it is indexed, and shadow answers are under a name of their own. */
async function traceSummary(db: Lineage, project: string, route: string, ref: string) {
  const ofVersion = and(eq(traces.projectId, project), eq(traces.route, route), eq(traces.routeVersion, ref))
  const byTarget = await db
    .select({ model: traces.model, status: traces.status, n: count() })
    .from(traces)
    .where(ofVersion)
    .groupBy(traces.model, traces.status)
  const newest = await db
    .select({
      traceId: traces.traceId,
      spanId: traces.spanId,
      cohort: traces.cohort,
      status: traces.status,
      fallbackReason: traces.fallbackReason,
      at: traces.at,
    })
    .from(traces)
    .where(ofVersion)
    .orderBy(desc(traces.at))
    .limit(SAMPLE_TRACES)
  return { total: byTarget.reduce((sum, { n }) => sum + n, 0), byTarget, newest }
}
