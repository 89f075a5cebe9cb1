import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import { withCanaryShare } from '../../domain/routing/canary-step.ts'
import type { RouteVersion } from '../../domain/routing/route.ts'
import { targetRoles } from '../../domain/routing/target-roles.ts'
import type { ActiveRoute } from '../../durable-objects/route-registry.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { findArtifact, registerArtifact } from '../registry/artifacts.ts'
import { existingRoute } from './active-route.ts'
import { withRouteLock } from './route-lock.ts'

export interface CanaryStep {
  project: string
  route: string
  /** From 0 to `MAX_CANARY_SHARE`; 0 takes the canary away. */
  share: number
  reason: string
  /** Key id of the person. */
  actor: string
  /** Version that the person looked at; the one in force when absent. */
  expect?: string | undefined
}

export interface Stepped {
  version: string
  epoch: number
  /** What the step started from; the same version when the canary had this share already. */
  from: string
  share: number
}

/**
 * Gives a route's canary another share: a new version of the route, registered before it comes into force. A step to the
 * share that the canary has changes nothing, and takes the gate lock from nobody.
 *
 * @throws ProblemError `not.found`, `route.no_canary`, `route.moved`, `fence.stale`, `lineage.unavailable`
 */
export async function stepCanary(env: Env, step: CanaryStep): Promise<Stepped> {
  const { project, route, share, actor, reason, expect } = step
  const current = await existingRoute(env, project, route)
  if (expect !== undefined && expect !== current.version) {
    throw new ProblemError(
      'route.moved',
      `${route} points at ${current.version}, not at ${expect}: look again`,
    )
  }
  const spec = withCanaryShare(current.spec, share)
  if (!spec) {
    throw new ProblemError(
      'route.no_canary',
      `${current.version} has no canary: a deploy stage with canary.share begins one`,
    )
  }
  if (share > 0 && share === current.spec.canary!.share)
    return { version: current.version, epoch: current.epoch, from: current.version, share }
  const version = await register(env, project, current, spec, actor).catch((error: unknown) => {
    console.error({ message: 'step of a canary not registered', route, error: String(error) })
    throw new ProblemError(
      'lineage.unavailable',
      'A step is recorded before it comes into force, and the lineage database does not answer: nothing moved. Try again, or roll back, which needs no database',
    )
  })
  return withRouteLock(env, step, async (fence) => {
    const answer = await env.ROUTE_REGISTRY.getByName(project).activate({
      project,
      route,
      expect: current.version,
      version,
      spec,
      fence,
      kind: 'canary',
      actor,
      runId: null,
      reason,
    })
    if (!answer.ok) throw new ProblemError(answer.code, answer.detail)
    return { version, epoch: answer.epoch, from: current.version, share }
  })
}

/** A version that still has the canary belongs to the run that began it. */
async function register(
  env: Env,
  project: string,
  { route, version }: ActiveRoute,
  spec: RouteVersion,
  actor: string,
): Promise<string> {
  const db = lineage(env.LINEAGE)
  const began = spec.canary && (await findArtifact(db, project, version))
  const inputs = [...new Set(targetRoles(spec).map(({ target }) => target.model)), spec.prompt]
  return registerArtifact(db, {
    project,
    kind: 'route',
    name: route,
    version: contentHash(spec),
    manifest: spec as unknown as Json,
    codeSha: env.CODE_SHA,
    createdBy: actor,
    at: Date.now(),
    ...(began?.runId && began.stage ? { madeBy: { runId: began.runId, stage: began.stage, inputs } } : {}),
  })
}
