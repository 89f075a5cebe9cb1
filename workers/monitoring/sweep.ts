import { and, asc, count, eq, gte, lt } from 'drizzle-orm'
import type { CallId } from '../../domain/evaluation/call-id.ts'
import { currentSuite } from '../../domain/evaluation/current-suite.ts'
import { onlineMetrics } from '../../domain/evaluation/suite.ts'
import { CHUNK_ROWS, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import { hash52 } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { allocate } from '../../domain/sampling/allocate.ts'
import type { StageParams } from '../../domain/stages/params.ts'
import type { Env } from '../env.ts'
import { getEvaluation } from '../evaluation/get-evaluation.ts'
import { startEvaluation } from '../evaluation/start.ts'
import { newId } from '../ids.ts'
import { tracesIn } from '../lineage/traces.ts'
import { chunk, lineage, type Lineage } from '../lineage/db.ts'
import { monitors, sweeps, traces } from '../lineage/schema.ts'
import { activeRoute } from '../routing/active-route.ts'

/** One call of a sample. `probability` is how likely it was to be taken, for weighting. */
export interface SampledTrace extends CallId {
  objectKey: string
  cohort: string
  probability: number
}

export interface SweepRequest {
  project: string
  route: string
  /** Milliseconds since the epoch. */
  from: number
  to: number
  /** The same seed, window and traffic give the same sample. */
  seed: string
  now: number
}

/** Samples a route's traces by cohort and sends them to be scored; `finishSweep` judges them. */
export async function startSweep(env: Env, request: SweepRequest): Promise<string> {
  const { project, route, now } = request
  const db = lineage(env.LINEAGE)
  const [monitor] = await db
    .select()
    .from(monitors)
    .where(and(eq(monitors.projectId, project), eq(monitors.route, route)))
  const active = await activeRoute(env, project, route)
  if (!monitor || !active) {
    throw new ProblemError(
      'sweep.no_policy',
      `The route ${route} has no monitor: deploy it by a workflow with a monitor stage`,
    )
  }
  const policy = monitor.policy as unknown as StageParams<'monitor'>
  const promotion = await getEvaluation(db, project, monitor.baselineEvaluationId)
  const suite = currentSuite(promotion.suite)
  const sample = await sampleTraces(db, request, policy)
  if (sample.length === 0)
    throw new ProblemError('not.found', `The route ${route} had no traffic in the window`)
  const sweepId = newId('swp', now)
  await db.insert(sweeps).values({
    sweepId,
    projectId: project,
    route,
    routeVersion: active.version,
    status: 'running',
    windowFrom: request.from,
    windowTo: request.to,
    seed: request.seed,
    sample: sample as unknown as Json,
    findings: [],
    createdAt: now,
  })
  const spec: EvaluationSpec = {
    project,
    evaluationId: evaluationOfSweep(sweepId),
    mode: 'online',
    target: active.version,
    source: `sweep:${sweepId}`,
    suite,
    metrics: onlineMetrics(suite),
    headersMs: 0,
    notify: { sweepId },
  }
  const chunks = chunk(sample, CHUNK_ROWS).map((part) => ({
    traces: part.map(({ probability: _, ...call }) => call),
  }))
  await startEvaluation(env, spec, chunks, active.spec.prompt, now)
  return sweepId
}

/** The evaluation that holds a sweep's scores. */
export function evaluationOfSweep(sweepId: string): string {
  return `eval_${sweepId}`
}

/**
 * A stratified sample: bottom-k of each cohort in the order of a hash of the span id, from a point that the seed
 * chooses. Whoever has the traces can draw it again. Calls of one trace are drawn each for itself: long traces would be
 * all in or all out otherwise, and the sample would be of fewer callers than it has rows.
 */
async function sampleTraces(
  db: Lineage,
  { project, route, from, to, seed }: SweepRequest,
  policy: StageParams<'monitor'>,
): Promise<SampledTrace[]> {
  const inWindow = tracesIn({ project, route, from, to })
  const counts = await db
    .select({ cohort: traces.cohort, n: count() })
    .from(traces)
    .where(inWindow)
    .groupBy(traces.cohort)
  const byCohort = Object.fromEntries(counts.map(({ cohort, n }) => [cohort, n]))
  const sizes = allocate(byCohort, policy.sample, policy.cohortFloor)
  const start = hash52(seed)
  const sample: SampledTrace[] = []
  for (const [cohort, size] of Object.entries(sizes)) {
    const { traceId, spanId, objectKey } = traces
    const columns = { traceId, spanId, objectKey, cohort: traces.cohort }
    const query = (side: ReturnType<typeof gte>, limit: number) =>
      db
        .select(columns)
        .from(traces)
        .where(and(inWindow, eq(traces.cohort, cohort), side))
        .orderBy(asc(traces.samplingKey))
        .limit(limit)
    const after = await query(gte(traces.samplingKey, start), size)
    const wrapped = after.length < size ? await query(lt(traces.samplingKey, start), size - after.length) : []
    const probability = size / byCohort[cohort]!
    sample.push(...[...after, ...wrapped].map((trace) => ({ ...trace, probability })))
  }
  return sample
}
