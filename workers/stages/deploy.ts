import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import { ProblemError } from '../../domain/problem.ts'
import type { RouteVersion } from '../../domain/routing/route.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact, registerArtifact } from '../registry/artifacts.ts'
import { activeRoute } from '../routing/active-route.ts'
import { madeBy, type StageExecutor, type StageJob } from './executor.ts'
import { assertHeld, lockFor, withPreemptedLock } from './gate-lock.ts'
import { versionOf } from './route-version.ts'

/** Makes a route version that answers with the new model and falls back to the one before, and points the route at it. */
export const deploy: StageExecutor<'deploy'> = {
  async execute(env, job) {
    const lock = await lockFor(env, job, `route:${job.params.route}`)
    if (!lock.held) return { status: 'waiting', waitingFor: lock.waitingFor, queued: true }
    const db = lineage(env.LINEAGE)
    const current = await activeRoute(env, job.run.project, job.params.route)
    const { spec, madeFrom } = await versionOf(env, job, current?.spec ?? null)
    const version = contentHash(spec)
    const route = await registerArtifact(db, {
      project: job.run.project,
      kind: 'route',
      name: job.params.route,
      version,
      manifest: spec as unknown as Json,
      ...madeBy(job, madeFrom),
    })
    return { status: 'produced', outputs: { route, previous: current?.version ?? null, fence: lock.token } }
  },

  async commit(env, job) {
    const { route, previous, fence } = job.outputs as {
      route: string
      previous: string | null
      fence: number
    }
    // A repeated message: the route was moved under this very token, which may have lapsed since.
    const current = await activeRoute(env, job.run.project, job.params.route)
    if (current?.version === route && current.fence === fence) return
    await assertHeld(env, job, `route:${job.params.route}`, fence)
    const spec = (await getArtifact(lineage(env.LINEAGE), job.run.project, route))
      .manifest as unknown as RouteVersion
    const answer = await env.ROUTE_REGISTRY.getByName(job.run.project).activate({
      ...changeBy(job, fence),
      expect: previous,
      version: route,
      spec,
      kind: 'deploy',
      reason: 'its gates let the deployment through',
    })
    if (!answer.ok) throw new ProblemError(answer.code, answer.detail)
  },

  async compensate(env, job) {
    const { route } = job.params
    return withPreemptedLock(env, job, `route:${route}`, async (fence) => {
      const change = { ...changeBy(job, fence), reason: 'the run failed after the deployment' }
      const answer = await env.ROUTE_REGISTRY.getByName(job.run.project).undo(change)
      if (!answer.ok) throw new ProblemError(answer.code, answer.detail)
      if (answer.moved === undefined)
        return 'the route was not moved by this stage, or moved on: left as it is'
      return answer.moved === null ? 'the route was taken away' : `the route points at ${answer.moved} again`
    })
  },
}

function changeBy(job: StageJob<'deploy'>, fence: number) {
  const { project, runId } = job.run
  return { project, route: job.params.route, fence, actor: job.definition.owner, runId }
}
