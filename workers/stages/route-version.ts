import { ProblemError } from '../../domain/problem.ts'
import type { RouteProblem } from '../../domain/routing/behaviour-problems.ts'
import { nextVersion } from '../../domain/routing/next-version.ts'
import { routeProblems } from '../../domain/routing/route-problems.ts'
import { NEW_MODEL, type RouteSettings } from '../../domain/routing/route-settings.ts'
import { atStage } from '../../domain/routing/stage-path.ts'
import type { RouteTarget, RouteVersion } from '../../domain/routing/route.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact, resolveRef } from '../registry/artifacts.ts'
import { servedTarget } from '../registry/models.ts'
import { inputOf, type StageJob } from './executor.ts'

/**
 * The route version that a deploy stage makes of its settings, and the artifacts that it is made from. Models that the
 * settings name by an alias are pinned.
 *
 * @throws ProblemError `route.invalid` with every problem at its path in the stage
 */
export async function versionOf(
  env: Env,
  job: StageJob<'deploy'>,
  current: RouteVersion | null,
): Promise<{ spec: RouteVersion; madeFrom: string[] }> {
  const { route, ...settings } = job.params
  const [model, prompt] = [inputOf(job, 'model'), inputOf(job, 'prompt')]
  const db = lineage(env.LINEAGE)
  const { project } = job.run
  const targetOf = async (ref: string) => servedTarget(ref, (await getArtifact(db, project, ref)).manifest)
  const named: Record<string, RouteTarget> = {}
  const lost: RouteProblem[] = []
  for (const { path, ref } of namedModels(settings)) {
    try {
      named[ref] ??= await targetOf(await resolveRef(db, project, ref))
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      lost.push({ path: `with.${path}`, message: error.message })
    }
  }
  if (lost.length > 0) refuse(lost)
  const { template } = (await getArtifact(db, project, prompt)).manifest as { template: string }
  const change = { route, settings, deployed: await targetOf(model), named, prompt, template, current }
  const next = nextVersion(change)
  if (!('spec' in next)) refuse(next.problems.map(({ path, message }) => ({ path: `with.${path}`, message })))
  const { spec } = next
  const problems = routeProblems(spec, { secrets: namesOf(env) })
  if (problems.length > 0) refuse(problems.map((one) => atStage(one, spec, settings)))
  const madeFrom = [model, prompt, ...Object.values(named).map((target) => target.model)]
  return { spec, madeFrom: [...new Set(madeFrom)] }
}

/** Every ref in the settings, and where it stands. */
function namedModels({ targets = [], rules = [], shadow }: RouteSettings): { path: string; ref: string }[] {
  return [
    ...targets.map(({ model }, i) => ({ path: `targets.${i}.model`, ref: model })),
    ...rules.map(({ model }, i) => ({ path: `rules.${i}.model`, ref: model })),
    ...(shadow ? [{ path: 'shadow.model', ref: shadow.model }] : []),
  ].filter(({ ref }) => ref !== NEW_MODEL)
}

/** Names of the strings in the Worker's environment, and of the binding AI. */
function namesOf(env: Env): string[] {
  const strings = Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [name] : []))
  return [...strings, ...(env.AI ? ['AI'] : [])]
}

function refuse(problems: readonly RouteProblem[]): never {
  const detail = problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new ProblemError('route.invalid', detail, { problems })
}
