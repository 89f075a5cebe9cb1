import { planTargets, type Plan } from '../../domain/routing/plan.ts'
import { stickyKeys } from '../../domain/routing/sticky.ts'
import { admission } from './breakers.ts'
import type { Call } from './call.ts'
import type { Served } from './serve.ts'

/** The order in which a request asks the targets of its route. */
export function planned(call: Call, header: (name: string) => string | null): Plan {
  const { asked, context, active } = call
  const { metadata } = context
  const keys = stickyKeys(active.spec, { user: userOf(asked.body), metadata, header })
  return planTargets(active.spec, { ...keys, metadata, random: Math.random() }, (target) =>
    admission(call, target),
  )
}

function userOf({ user, safety_identifier }: Record<string, unknown>): string | undefined {
  if (typeof user === 'string') return user
  return typeof safety_identifier === 'string' ? safety_identifier : undefined
}

/** Why another target answered than the one that comes first; null when that one did. */
export function fallbackReasonOf(call: Call, plan: Plan, { target, attempts }: Served): string | null {
  if (!target) return null
  const { canary, targets } = call.active.spec
  const first = plan.arm === 'canary' ? canary?.target : plan.arm === 'stable' ? firstOf(targets) : undefined
  if (first && plan.skipped.includes(first) && target !== first) return 'its breaker is open'
  return target === plan.targets[0] ? null : (attempts[0]?.reason ?? null)
}

/** Where targets have weights none of them comes first. */
function firstOf<T extends { weight?: number }>(targets: readonly T[]): T | undefined {
  return targets.some(({ weight }) => weight !== undefined && weight > 0) ? undefined : targets[0]
}
