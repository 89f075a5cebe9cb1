import type { RouteVersion } from './route.ts'

/**
 * The route version with another share for its canary, or, with a share of 0, without the canary and the rules that name
 * it. Nothing else changes. Undefined when there is no canary to step.
 * @param share from 0 to `MAX_CANARY_SHARE`
 */
export function withCanaryShare(spec: RouteVersion, share: number): RouteVersion | undefined {
  const { canary, rules, ...rest } = spec
  if (!canary) return undefined
  const kept = share === 0 ? rules?.filter(({ target }) => target !== canary.target.id) : rules
  return {
    ...rest,
    ...(share === 0 ? {} : { canary: { ...canary, share } }),
    ...(kept && kept.length > 0 ? { rules: kept } : {}),
  }
}
