import type { EvidenceOf } from '../../../domain/gates/registry.ts'
import { deployedTarget, settingsHash } from '../../../domain/routing/deployed-target.ts'
import type { RouteTarget, RouteVersion } from '../../../domain/routing/route.ts'
import type { Env } from '../../env.ts'
import { askModel } from '../../routing/call-model.ts'
import { routeSpec, type Loader } from './loader.ts'

/** What differs between the route version that would be and the one that is. */
export const loadSingleChange: Loader<'single-change'> = async (env, context) => {
  const { route, previous } = context.outputs as { route: string; previous: string | null }
  return {
    candidate: changeable(await routeSpec(env, context, route), deployedTarget),
    production: previous === null ? null : changeable(await routeSpec(env, context, previous), firstTarget),
  }
}

/** A real question to the new target, wherever it stands, and to the one that answers everybody now. */
export const loadRollbackReady: Loader<'rollback-ready'> = async (env, context) => {
  const { route, previous } = context.outputs as { route: string; previous: string | null }
  const candidate = await probe(env, deployedTarget(await routeSpec(env, context, route)))
  const before =
    previous === null ? null : await probe(env, firstTarget(await routeSpec(env, context, previous)))
  return { previous, probe: before, candidate }
}

/** A canary that is in force is not production yet. */
function firstTarget({ targets }: RouteVersion): RouteTarget {
  return targets[0]!
}

function changeable(
  spec: RouteVersion,
  targetOf: (spec: RouteVersion) => RouteTarget,
): EvidenceOf<'single-change'>['candidate'] {
  return { model: targetOf(spec).model, prompt: spec.prompt, route: settingsHash(spec) }
}

/** Longest wait for the answer to a probe. */
const PROBE_TIMEOUT_MS = 5_000

async function probe(env: Env, target: RouteTarget): Promise<EvidenceOf<'rollback-ready'>['candidate']> {
  const started = Date.now()
  const answer = await askModel(env, target, [{ role: 'user', content: 'Are you there?' }], PROBE_TIMEOUT_MS)
  const ms = Date.now() - started
  return 'error' in answer
    ? { answered: false, detail: answer.error, ms }
    : { answered: true, detail: `${answer.text.length} characters`, ms }
}
