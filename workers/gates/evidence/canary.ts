import { and, count, desc, eq, gte, isNull, lt, ne, or, sql } from 'drizzle-orm'
import { sumByCohort } from '../../../domain/evaluation/score.ts'
import type { CanarySide } from '../../../domain/gates/canary.ts'
import { deployedTarget } from '../../../domain/routing/deployed-target.ts'
import type { RouteTarget, RouteVersion } from '../../../domain/routing/route.ts'
import type { StageContext } from '../../../durable-objects/workflow-run.ts'
import type { Env } from '../../env.ts'
import { lineage } from '../../lineage/db.ts'
import { deployments, traces } from '../../lineage/schema.ts'
import { findArtifact } from '../../registry/artifacts.ts'
import { claimAttempt } from '../alpha-budget.ts'
import { onlineScores, type OnlineScores } from '../online-scores.ts'
import { activatedAt, canaryBegan, type Watched } from './canary-began.ts'
import { gateParams, momentOf, routeSpec, type Loader } from './loader.ts'

const MINUTE_MS = 60_000
/** Groups of route version × model × prompt × outcome in one window. */
const MAX_GROUPS = 1_000

/** A model with its prompt. */
interface Served {
  model: string
  prompt: string | null
}

/**
 * What canary and incumbent did with recent traffic. Looks at the same window, which only grows, are one attempt at the
 * gate, however many there are (docs/decisions/0005); the next window is the next attempt.
 */
export const loadCanary: Loader<'canary'> = async (env, context) => {
  const { route, windowMinutes, metrics } = gateParams('canary', context)
  const { project } = context.run
  const { canary, incumbent, watched } = await contestants(env, context)
  const to = momentOf(context)
  const since = watched.at
  const window = { from: windowStart(windowMinutes * MINUTE_MS, since, to), to }
  const byPrompt = canary.model === incumbent?.model
  const isOf = (a: Served, b: Served) => (byPrompt ? isSame(a, b) : a.model === b.model)
  const groups = await outcomes(env, project, route, window)
  const online =
    Object.keys(metrics).length > 0
      ? await onlineScores(
          env,
          project,
          route,
          window,
          ({ at, arm }) => arm !== 'rule' && at >= window.from && at < window.to,
        )
      : { traces: [], evaluations: [] }
  const sideOf = (served: Served): CanarySide => ({
    ref: byPrompt ? (served.prompt ?? served.model) : served.model,
    ...add(groups.filter(({ by }) => by !== null && isOf(by, served))),
    scores: scoresOf(online, (answered) => isOf(answered, served)),
  })
  const evidence = {
    canary: sideOf(canary),
    incumbent: incumbent && sideOf(incumbent),
    ...window,
  }
  if (!incumbent) return evidence
  const at = { gate: 'canary', rows: `route:${route}`, production: `${incumbent.model} ${incumbent.prompt}` }
  const attempt = await claimAttempt(env, context, at, `${watched.version} since ${window.from}`)
  return { ...evidence, attempt }
}

/**
 * A canary stands beside its incumbent in one version. A deployment to all brings the version before; a monitor stage looks
 * up what stood before the route version that it watches. What is deployed to all after it was the canary is watched from
 * when that began, however often it is looked at.
 */
async function contestants(
  env: Env,
  context: StageContext,
): Promise<{ canary: Served; incumbent: Served | null; watched: Watched }> {
  const { inputs, outputs, run } = context
  const route = (outputs.route ?? inputs.route) as string
  const spec = await routeSpec(env, context, route)
  const canary = servedBy(spec, deployedTarget(spec))
  const db = lineage(env.LINEAGE)
  const watched = { version: route, at: await activatedAt(db, run.project, route) }
  if (spec.canary) return { canary, incumbent: servedBy(spec, spec.targets[0]!), watched }
  const previous = 'previous' in outputs ? outputs.previous : await previousVersion(env, context, route)
  if (typeof previous !== 'string') return { canary, incumbent: null, watched }
  const before = await routeSpec(env, context, previous)
  const wasCanary = before.canary && isSame(servedBy(before, before.canary.target), canary)
  return {
    canary,
    incumbent: servedBy(before, before.targets[0]!),
    watched: wasCanary ? await canaryBegan(db, run.project, previous) : watched,
  }
}

function isSame(a: Served, b: Served): boolean {
  return a.model === b.model && a.prompt === b.prompt
}

async function previousVersion(env: Env, { run }: StageContext, version: string): Promise<string | null> {
  const [row] = await lineage(env.LINEAGE)
    .select({ previous: deployments.previousVersion })
    .from(deployments)
    .where(and(eq(deployments.projectId, run.project), eq(deployments.routeVersion, version)))
    .orderBy(desc(deployments.at))
    .limit(1)
  return row?.previous ?? null
}

/**
 * Where the window that holds a moment begins: one window a step, counted from when the version came into force, and each
 * reaching back over the one before it, so that none is ever nearly empty.
 */
function windowStart(windowMs: number, since: number | null, to: number): number {
  if (since === null || since > to) return to - windowMs
  return since + Math.max(0, Math.floor((to - since) / windowMs) - 1) * windowMs
}

function servedBy({ prompt }: RouteVersion, { model }: RouteTarget): Served {
  return { model, prompt }
}

/** Traces of one outcome, and whose they are: null when neither answered nor was the first to be asked. */
interface Outcome {
  by: Served | null
  n: number
  failed: boolean
  latencyMs: number
}

/**
 * A trace belongs to the target that answered it. One that fell back, or that nobody answered, is a failure of the target
 * that was asked first, and no merit of the one that stepped in.
 */
async function outcomes(
  env: Env,
  project: string,
  route: string,
  { from, to }: { from: number; to: number },
): Promise<Outcome[]> {
  const db = lineage(env.LINEAGE)
  const fellBack = sql<number>`${traces.fallbackReason} IS NOT NULL`
  const groups = await db
    .select({
      routeVersion: traces.routeVersion,
      arm: traces.arm,
      model: traces.model,
      prompt: traces.promptRef,
      status: traces.status,
      fellBack,
      n: count(),
      latencyMs: sql<number>`sum(${traces.latencyMs})`,
    })
    .from(traces)
    .where(
      and(
        eq(traces.projectId, project),
        eq(traces.route, route),
        gte(traces.at, from),
        lt(traces.at, to),
        // Whom a rule sends somewhere is not like the others: testers, or the customers that matter most.
        or(isNull(traces.arm), ne(traces.arm, 'rule')),
      ),
    )
    .groupBy(traces.routeVersion, traces.arm, traces.model, traces.promptRef, traces.status, fellBack)
    .limit(MAX_GROUPS)
  const specs = new Map<string, RouteVersion | undefined>()
  for (const { routeVersion } of groups) {
    if (specs.has(routeVersion)) continue
    const artifact = await findArtifact(db, project, routeVersion)
    specs.set(routeVersion, artifact?.manifest as unknown as RouteVersion | undefined)
  }
  return groups.map(({ routeVersion, arm, model, prompt, status, n, latencyMs, ...group }) => {
    const missed = Boolean(group.fellBack) || model === 'none'
    return {
      by: missed ? firstAsked(specs.get(routeVersion), arm) : { model, prompt },
      failed: missed || status !== 'ok',
      n,
      latencyMs,
    }
  })
}

/** Whom the version asks first on a side of its split. */
function firstAsked(spec: RouteVersion | undefined, arm: string | null): Served | null {
  if (!spec) return null
  return servedBy(spec, arm === 'canary' ? deployedTarget(spec) : spec.targets[0]!)
}

function add(groups: readonly Outcome[]): Pick<CanarySide, 'traces' | 'errors' | 'meanLatencyMs'> {
  let [all, errors, latencyMs] = [0, 0, 0]
  for (const group of groups) {
    all += group.n
    latencyMs += group.latencyMs
    if (group.failed) errors += group.n
  }
  return { traces: all, errors, meanLatencyMs: all === 0 ? null : latencyMs / all }
}

function scoresOf(online: OnlineScores, isOwn: (served: Served) => boolean): CanarySide['scores'] {
  const own = online.traces.filter(({ model, promptRef }) => isOwn({ model, prompt: promptRef }))
  return sumByCohort(own)
}
