import type { RouteTarget, RouteVersion } from './route.ts'

/** `live` and `canary` answer first; a `fallback` steps in; a `shadow` is asked beside and never answers. */
export type TargetRole = 'live' | 'canary' | 'fallback' | 'shadow'

export interface PlacedTarget {
  target: RouteTarget
  role: TargetRole
  /** Share of the requests that it is asked first, rules left aside; of a shadow, the share that it sees a copy of. */
  share: number
}

/** Every target that may answer. */
export function answeringTargets({ targets, canary }: RouteVersion): readonly RouteTarget[] {
  return canary ? [...targets, canary.target] : targets
}

/** Every target of a route version in the order in which a reader wants them: who answers, who steps in, who listens. */
export function targetRoles({ targets, canary, shadow }: RouteVersion): PlacedTarget[] {
  const weights = targets.map(({ weight = 0 }) => weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const stable = 1 - (canary?.share ?? 0)
  const placed = targets.map((target, i): PlacedTarget => {
    const share = total > 0 ? (stable * weights[i]!) / total : i === 0 ? stable : 0
    const isLive = total > 0 ? weights[i]! > 0 : i === 0
    return { target, role: isLive ? 'live' : 'fallback', share }
  })
  return [
    ...placed.filter(({ role }) => role === 'live'),
    ...(canary ? [{ target: canary.target, role: 'canary' as const, share: canary.share }] : []),
    ...placed.filter(({ role }) => role === 'fallback'),
    ...(shadow ? [{ target: shadow.target, role: 'shadow' as const, share: shadow.share }] : []),
  ]
}
