import { own } from '../own.ts'
import type { Admission } from './breaker.ts'
import { randomDraw, stickyDraw } from './draw.ts'
import type { RouteTarget, RouteVersion, Rule } from './route.ts'
import { shareOf } from './sticky.ts'
import { answeringTargets } from './target-roles.ts'

export interface PlanRequest {
  stickyKey: string | undefined
  /** Where the canary tells users apart by something else; `stickyKey` when absent. */
  canaryKey?: string | undefined
  metadata: Readonly<Record<string, string>>
  /** In [0, 1): draws where no key does. */
  random: number
}

export interface Plan {
  /** In the order in which they are asked. Never empty. */
  targets: readonly RouteTarget[]
  /** Left out because their breakers are open; worth a try when nothing else answered. */
  skipped: readonly RouteTarget[]
  /** The side that the request was put on, even if a breaker made another target answer. */
  arm: 'stable' | 'canary' | 'rule'
  /** Id of the target that a rule or the canary put first. */
  chosen: string | undefined
  /** All breakers were open, and the targets are asked in order anyway. */
  panicked: boolean
}

/**
 * The targets to ask for a request: the first rule that matches, else the canary by sticky share, else a draw by weight;
 * behind it the route's chain. Targets with an open breaker are left out, unless all have one.
 */
export function planTargets(
  spec: RouteVersion,
  request: PlanRequest,
  admits: (target: RouteTarget) => Admission,
): Plan {
  const { first, arm } = chosen(spec, request)
  const open = new Set(candidates(spec, first).filter((target) => admits(target) === 'no'))
  const chain = stableChain(spec, request, open)
  const order = first ? [first, ...chain.filter(({ id }) => id !== first.id)] : chain
  const targets = order.filter((target) => !open.has(target))
  const side = { arm, chosen: first?.id }
  if (targets.length === 0) return { targets: order, skipped: [], ...side, panicked: true }
  return { targets, skipped: order.filter((target) => open.has(target)), ...side, panicked: false }
}

/** The target that a rule or the canary puts first. */
function chosen(spec: RouteVersion, request: PlanRequest): { first?: RouteTarget; arm: Plan['arm'] } {
  const { canary, rules = [] } = spec
  const rule = rules.find((candidate) => matches(candidate, request.metadata))
  const ruled = rule && answeringTargets(spec).find(({ id }) => id === rule.target)
  if (ruled) return { first: ruled, arm: 'rule' }
  if (canary && inCanary(spec.route, canary.share, request)) return { first: canary.target, arm: 'canary' }
  return { arm: 'stable' }
}

function matches({ when }: Rule, metadata: Readonly<Record<string, string>>): boolean {
  return Object.entries(when).every(([name, wanted]) => {
    const value = own(metadata, name)
    return value !== undefined && (typeof wanted === 'string' ? value === wanted : wanted.includes(value))
  })
}

/** The canary owns [0, share): a larger share only moves users from stable to canary, never back. */
function inCanary(route: string, share: number, request: PlanRequest): boolean {
  const key = canaryKeyOf(request)
  return (key === undefined ? request.random : shareOf(route, key)) < share
}

function canaryKeyOf(request: PlanRequest): string | undefined {
  return 'canaryKey' in request ? request.canaryKey : request.stickyKey
}

function candidates(spec: RouteVersion, first: RouteTarget | undefined): readonly RouteTarget[] {
  return first && !spec.targets.includes(first) ? [first, ...spec.targets] : spec.targets
}

/** The route's targets: the one drawn by weight, then the others as they are listed. */
function stableChain(
  { route, targets, canary }: RouteVersion,
  request: PlanRequest,
  open: ReadonlySet<RouteTarget>,
): readonly RouteTarget[] {
  const live = targets.filter(({ weight }) => weight !== undefined && weight > 0)
  if (live.length === 0) return targets
  const closed = live.filter((target) => !open.has(target))
  const among = closed.length > 0 ? closed : live
  const drawn =
    request.stickyKey === undefined
      ? randomDraw(canary ? drawnAgain(request.random, canary.share) : request.random, among)
      : stickyDraw(route, request.stickyKey, among)
  return [drawn, ...targets.filter((target) => target !== drawn)]
}

/** A number that may have been used to draw for the canary, stretched so that either side's is uniform again. */
function drawnAgain(random: number, share: number): number {
  return random < share ? random / share : (random - share) / (1 - share)
}

/** Whether a request that was too long for one target may fit another. */
export function holdsMore(target: RouteTarget, than: RouteTarget): boolean {
  return target.contextTokens !== undefined && target.contextTokens > (than.contextTokens ?? 0)
}
