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
import type { Call } from './call.ts'

/** Targets whose breakers are remembered; the one that was met first is forgotten first. */
const MAX_TARGETS = 5_000

/**
 * Of this isolate, by project and what fails together: a new version of a route does not forget what is known of its
 * targets. By project, since each judges by policies of its own: a short timeout of one is no failure to another.
 */
const states = new Map<string, BreakerState>()
/** Identities of the targets in the route tables, each of one project: they are asked for with every request. */
const identities: Record<Kind, WeakMap<RouteTarget, string>> = {
  chat: new WeakMap(),
  completions: new WeakMap(),
  embeddings: new WeakMap(),
}

/** Whose question it is, and which API it asks. */
type Asking = Pick<Call, 'caller' | 'asked'>

export function admission(call: Asking, target: RouteTarget): Admission {
  const state = states.get(identityOf(call, target))
  return state ? admits(state, Date.now()) : 'yes'
}

/** Asks again right before the attempt, and takes the probe's place for as long as the request may last. */
export function enter(call: Asking, target: RouteTarget, leaseMs: number): Admission {
  const identity = identityOf(call, target)
  const state = states.get(identity)
  if (!state) return 'yes'
  const now = Date.now()
  const admitted = admits(state, now)
  if (admitted === 'probe') states.set(identity, startProbe(state, now, leaseMs))
  return admitted
}

export function reportTo(
  call: Asking,
  target: RouteTarget,
  outcome: BreakerReport,
  policy: Breaker = DEFAULT_BREAKER,
): void {
  const identity = identityOf(call, target)
  const state = states.get(identity)
  if (!state && states.size >= MAX_TARGETS) states.delete(states.keys().next().value!)
  states.set(identity, report(state ?? closedBreaker(), outcome, policy, Date.now()))
}

/** The probe found nothing out: the client left, or another target was faster. */
export function abandon(call: Asking, target: RouteTarget): void {
  const identity = identityOf(call, target)
  const state = states.get(identity)
  if (state) states.set(identity, abandonProbe(state))
}

function identityOf({ caller, asked: { kind } }: Asking, target: RouteTarget): string {
  const known = identities[kind].get(target)
  if (known !== undefined) return known
  const identity = `${caller.project} ${breakerIdentity(target, kind)}`
  identities[kind].set(target, identity)
  return identity
}
