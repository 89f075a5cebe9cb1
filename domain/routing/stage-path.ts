import type { RouteProblem } from './behaviour-problems.ts'
import type { RouteSettings } from './route-settings.ts'
import type { RouteVersion } from './route.ts'

const PLACES = /\b(?:targets\.(\d+)|(canary)\.target|(shadow)\.target|rules\.(\d+)\.target)\b/g
/** Where the model that is deployed stands in the definition. */
const DEPLOYED = 'inputs.model'

/**
 * A problem of a route version, told as one of the deploy stage that made it: at `with.…` or `inputs.model`, or at
 * `production.…` where it lies in what was there before.
 */
export function atStage(
  { path, message }: RouteProblem,
  spec: RouteVersion,
  { targets: further = [] }: RouteSettings,
): RouteProblem {
  const place = (_: string, target?: string, canary?: string, shadow?: string, rule?: string): string => {
    if (canary) return DEPLOYED
    if (shadow) return 'with.shadow.model'
    if (rule) return `with.rules.${rule}.model`
    const index = Number(target)
    if (spec.canary || index > further.length) return `production.targets.${index}`
    return index === 0 ? DEPLOYED : `with.targets.${index - 1}.model`
  }
  const placed = path.replace(PLACES, place)
  return { path: placed === path ? `with.${path}` : placed, message: message.replace(PLACES, place) }
}
