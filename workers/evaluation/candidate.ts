import { STORED_ANSWERS, type TokenPrice } from '../../domain/evaluation/spec.ts'
import { contentHash } from '../../domain/hash.ts'
import { ProblemError } from '../../domain/problem.ts'
import { parseRef, Ref } from '../../domain/ref.ts'
import { RouteVersion, type RouteTarget } from '../../domain/routing/route.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { getArtifact, resolveRef } from '../registry/artifacts.ts'
import { servedTarget, tokenPriceOf } from '../registry/models.ts'
import { existingRoute } from '../routing/active-route.ts'
import { judgeEndpoint } from './engines/judge-endpoints.ts'

/** Who answers, pinned. */
export interface Candidate {
  target: string
  candidate?: RouteTarget
  price?: TokenPrice
  promptRef: string | null
}

/**
 * Who answers: a served model (`model:NAME@VERSION` or an alias), the first target of a route (`route:NAME` as it is now,
 * or of a version), or `endpoint:NAME` of JUDGE_ENDPOINTS; nobody, where the rows have answers. Of a route only the first
 * target is asked: a fallback's answers say nothing of what is evaluated.
 *
 * @throws ProblemError `not.found`, `request.invalid`
 */
export async function findCandidate(
  env: Env,
  project: string,
  given: string | undefined,
): Promise<Candidate> {
  if (given === undefined) return { target: STORED_ANSWERS, promptRef: null }
  const [, scheme, name] = /^(model|route|endpoint):(.+)$/.exec(given) ?? []
  const db = lineage(env.LINEAGE)
  if (scheme === 'endpoint') return endpoint(env, name!)
  if (scheme === 'route' && !Ref.safeParse(given).success) {
    const { version, spec } = await existingRoute(env, project, name!, { field: 'candidate' })
    return routeCandidate(version, spec)
  }
  if (scheme === undefined || !Ref.safeParse(given).success)
    throw new ProblemError(
      'request.invalid',
      `candidate: ${given} is none; give model:NAME@VERSION, route:NAME or endpoint:NAME`,
      { field: 'candidate' },
    )
  const target = await resolveRef(db, project, given)
  const { manifest } = await getArtifact(db, project, target)
  if (parseRef(target).kind === 'route') return routeCandidate(target, RouteVersion.parse(manifest))
  const candidate = servedTarget(target, manifest)
  return { target, candidate, ...tokenPriceOf(candidate), promptRef: null }
}

function routeCandidate(target: string, { targets, prompt }: RouteVersion): Candidate {
  return { target, candidate: targets[0]!, ...tokenPriceOf(targets[0]!), promptRef: prompt }
}

/** Only endpoints of the configuration: whoever may start an evaluation may not send secrets where they like. */
function endpoint(env: Env, name: string): Candidate {
  const found = judgeEndpoint(env, name)
  if ('error' in found)
    throw new ProblemError('not.found', `candidate: ${found.error}`, { field: 'candidate' })
  const { url, model, secret = '', inputUsdPerMTok, outputUsdPerMTok } = found
  const target = `endpoint:${name}@${contentHash([url, model])}`
  return {
    target,
    candidate: { id: name, model: target, baseUrl: url, servedModel: model, secret },
    price: { inputUsdPerMTok, outputUsdPerMTok },
    promptRef: null,
  }
}
