import { behaviourProblems, type RouteProblem } from './behaviour-problems.ts'
import type { RouteTarget, RouteVersion } from './route.ts'
import { targetIdentity } from './target-identity.ts'
import { answeringTargets } from './target-roles.ts'

export type { RouteProblem }

export interface Known {
  /** Evaluators that guardrails may name beside `pii`, `schema` and `deny`; not checked when absent. */
  evaluators?: readonly string[]
  /** Names of the secrets that are set, `AI` where that binding is; not checked when absent. */
  secrets?: readonly string[]
}

/** What makes a route version unfit to be published although its shape is right. Empty when it is fit. */
export function routeProblems(spec: RouteVersion, known: Known): RouteProblem[] {
  return [
    ...targetProblems(spec, known),
    ...weightProblems(spec),
    ...ruleProblems(spec),
    ...behaviourProblems(spec, known.evaluators),
    ...hedgeProblems(spec),
    ...budgetProblems(spec),
  ]
}

/** Every target of the route, and where it stands. */
function placed({ targets, canary, shadow }: RouteVersion): { path: string; target: RouteTarget }[] {
  return [
    ...targets.map((target, i) => ({ path: `targets.${i}`, target })),
    ...(canary ? [{ path: 'canary.target', target: canary.target }] : []),
    ...(shadow ? [{ path: 'shadow.target', target: shadow.target }] : []),
  ]
}

function* targetProblems(spec: RouteVersion, { secrets }: Known): Generator<RouteProblem> {
  const [ids, identities] = [new Map<string, string>(), new Map<string, string>()]
  for (const { path, target } of placed(spec)) {
    const { id, secret } = target
    const identity = targetIdentity(target)
    const [sameId, sameIdentity] = [ids.get(id), identities.get(identity)]
    if (id === '') yield { path: `${path}.id`, message: 'a target needs an id' }
    if (sameId !== undefined) yield { path: `${path}.id`, message: `${id} is also the id of ${sameId}` }
    if (sameIdentity !== undefined) {
      const message = `it is the same endpoint, model and key as ${sameIdentity}: it fails whenever that does`
      yield { path, message }
    }
    if (secrets && target.provider === 'workers-ai' && !secrets.includes('AI'))
      yield { path: `${path}.provider`, message: 'this Worker has no binding AI; add [ai] to wrangler.toml' }
    if (secrets && target.provider !== 'workers-ai' && !secrets.includes(secret))
      yield { path: `${path}.secret`, message: `the secret ${secret} is not set` }
    ids.set(id, sameId ?? path)
    identities.set(identity, sameIdentity ?? path)
  }
}

function* weightProblems({ targets }: RouteVersion): Generator<RouteProblem> {
  const weights = targets.flatMap(({ weight }) => (weight === undefined ? [] : [weight]))
  if (weights.length > 0 && weights.every((weight) => weight === 0))
    yield { path: 'targets', message: 'every weight is 0: no target answers first' }
}

function* ruleProblems(spec: RouteVersion): Generator<RouteProblem> {
  const ids = answeringTargets(spec).map(({ id }) => id)
  for (const [i, { when, target }] of (spec.rules ?? []).entries()) {
    if (!ids.includes(target))
      yield {
        path: `rules.${i}.target`,
        message: `there is no target ${target}; the route has: ${ids.join(', ')}`,
      }
    if (Object.keys(when).length === 0)
      yield { path: `rules.${i}.when`, message: 'a rule without conditions takes every request' }
  }
}

function* hedgeProblems({ hedgeMs, targets }: RouteVersion): Generator<RouteProblem> {
  if (hedgeMs !== undefined && targets.length < 2)
    yield { path: 'hedgeMs', message: 'there is no second target to ask' }
}

function* budgetProblems(spec: RouteVersion): Generator<RouteProblem> {
  if (spec.limits?.usdPerDay === undefined) return
  for (const { path, target } of placed(spec))
    if (!target.price)
      yield { path: `${path}.price`, message: 'without a price limits.usdPerDay would never be reached' }
}
