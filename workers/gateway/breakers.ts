import type { Kind } from '../../domain/providers/provider.ts'
import {
  abandonProbe,
  admits,
  closedBreaker,
  report,
  startProbe,
  type Admission,
  type BreakerReport,
  type BreakerState,
} from '../../domain/routing/breaker.ts'
import { DEFAULT_BREAKER, type Breaker, type RouteTarget } from '../../domain/routing/route.ts'
import { breakerIdentity } from '../../domain/routing/target-identity.ts'

/** Targets whose breakers are remembered; the one that was met first is forgotten first. */
const MAX_TARGETS = 5_000

/** Of this isolate, by what fails together: a new version of a route does not forget what is known of its targets. */
const states = new Map<string, BreakerState>()
/** Identities of the targets in the route table: they are asked for with every request. */
const identities: Record<Kind, WeakMap<RouteTarget, string>> = {
  chat: new WeakMap(),
  completions: new WeakMap(),
  embeddings: new WeakMap(),
}

export function admission(target: RouteTarget, kind: Kind): Admission {
  const state = states.get(identityOf(target, kind))
  return state ? admits(state, Date.now()) : 'yes'
}

/** Asks again right before the attempt, and takes the probe's place for as long as the request may last. */
export function enter(target: RouteTarget, kind: Kind, leaseMs: number): Admission {
  const identity = identityOf(target, kind)
  const state = states.get(identity)
  if (!state) return 'yes'
  const now = Date.now()
  const admitted = admits(state, now)
  if (admitted === 'probe') states.set(identity, startProbe(state, now, leaseMs))
  return admitted
}

export function reportTo(
  target: RouteTarget,
  kind: Kind,
  outcome: BreakerReport,
  policy: Breaker = DEFAULT_BREAKER,
): void {
  const identity = identityOf(target, kind)
  const state = states.get(identity)
  if (!state && states.size >= MAX_TARGETS) states.delete(states.keys().next().value!)
  states.set(identity, report(state ?? closedBreaker(), outcome, policy, Date.now()))
}

/** The probe found nothing out: the client left, or another target was faster. */
export function abandon(target: RouteTarget, kind: Kind): void {
  const identity = identityOf(target, kind)
  const state = states.get(identity)
  if (state) states.set(identity, abandonProbe(state))
}

function identityOf(target: RouteTarget, kind: Kind): string {
  const known = identities[kind].get(target)
  if (known !== undefined) return known
  const identity = breakerIdentity(target, kind)
  identities[kind].set(target, identity)
  return identity
}
