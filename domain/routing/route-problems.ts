import type { RouteTarget, RouteVersion } from './route.ts'
import { targetIdentity } from './target-identity.ts'

export interface RouteProblem {
  /** Such as `rules.2.target`. */
  path: string
  message: string
}

export interface Known {
  /** Evaluators that guardrails may name beside `pii`, `schema` and `deny`. */
  evaluators: readonly string[]
  /** Names of the secrets that are set; not checked when absent. */
  secrets?: readonly string[]
}

/** What makes a route version unfit to be published although its shape is right. Empty when it is fit. */
export function routeProblems(spec: RouteVersion, known: Known): RouteProblem[] {
  return [
    ...targetProblems(spec, known),
    ...weightProblems(spec),
    ...ruleProblems(spec),
    ...timeProblems(spec),
    ...budgetProblems(spec),
    ...answerProblems(spec, known),
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
    if (secrets && !secrets.includes(secret))
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

function* ruleProblems({ rules = [], targets, canary }: RouteVersion): Generator<RouteProblem> {
  const ids = [...targets.map(({ id }) => id), ...(canary ? [canary.target.id] : [])]
  for (const [i, { when, target }] of rules.entries()) {
    if (!ids.includes(target))
      yield {
        path: `rules.${i}.target`,
        message: `there is no target ${target}; the route has: ${ids.join(', ')}`,
      }
    if (Object.keys(when).length === 0)
      yield { path: `rules.${i}.when`, message: 'a rule without conditions takes every request' }
  }
}

function* timeProblems({
  timeouts,
  hedgeMs,
  targets,
  retry,
  breaker,
}: RouteVersion): Generator<RouteProblem> {
  const { totalMs } = timeouts
  for (const name of ['headersMs', 'firstChunkMs', 'chunkMs'] as const) {
    const ms = timeouts[name]
    if (ms !== undefined && ms > totalMs)
      yield {
        path: `timeouts.${name}`,
        message: `${ms} ms is longer than the whole request may take (${totalMs} ms)`,
      }
  }
  if (hedgeMs !== undefined && hedgeMs >= totalMs)
    yield { path: 'hedgeMs', message: `the whole request is over after ${totalMs} ms` }
  if (hedgeMs !== undefined && targets.length < 2)
    yield { path: 'hedgeMs', message: 'there is no second target to ask' }
  if (retry && retry.baseMs > retry.maxMs)
    yield { path: 'retry.baseMs', message: `${retry.baseMs} ms is more than retry.maxMs (${retry.maxMs} ms)` }
  if (breaker && breaker.cooldownMs > breaker.maxCooldownMs) {
    const message = `${breaker.cooldownMs} ms is more than breaker.maxCooldownMs (${breaker.maxCooldownMs} ms)`
    yield { path: 'breaker.cooldownMs', message }
  }
}

function* budgetProblems(spec: RouteVersion): Generator<RouteProblem> {
  if (spec.limits?.usdPerDay === undefined) return
  for (const { path, target } of placed(spec))
    if (!target.price)
      yield { path: `${path}.price`, message: 'without a price limits.usdPerDay would never be reached' }
}

function* answerProblems(
  { guardrails = [], answerSchema, repair }: RouteVersion,
  { evaluators }: Known,
): Generator<RouteProblem> {
  if (repair && !answerSchema) yield { path: 'repair', message: 'there is no answerSchema to repair by' }
  const checks = ['pii', 'schema', 'deny', ...evaluators]
  for (const [i, { on, check, onFail }] of guardrails.entries()) {
    const path = `guardrails.${i}`
    if (!checks.includes(check))
      yield { path: `${path}.check`, message: `there is no check ${check}; there are: ${checks.join(', ')}` }
    if (check === 'schema' && on === 'request')
      yield { path: `${path}.on`, message: 'only a response is held against answerSchema' }
    if (check === 'schema' && !answerSchema)
      yield { path: `${path}.check`, message: 'there is no answerSchema to hold the response against' }
    if (onFail === 'next_target' && on === 'request')
      yield { path: `${path}.onFail`, message: 'a request that fails a check fails it for every target' }
    if (onFail === 'redact' && check !== 'pii')
      yield {
        path: `${path}.onFail`,
        message: `${check} finds nothing that could be redacted: only pii does`,
      }
  }
}
