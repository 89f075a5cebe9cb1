import { contentHash } from '../hash.ts'
import type { RouteTarget, RouteVersion } from './route.ts'

/** The target that a route version brought: its canary, where it has one. */
export function deployedTarget({ targets, canary }: RouteVersion): RouteTarget {
  return canary?.target ?? targets[0]!
}

/**
 * What of a route version is no change of model or prompt, as a hash: its behaviour, and the targets, rules and shadow
 * around the model that it brought. The share of a canary and the previous model that steps in follow from each change of
 * model.
 */
export function settingsHash(spec: RouteVersion): string {
  const { route: _, prompt: __, promptTemplate: ___, canary, previous, targets, rules, ...behaviour } = spec
  const deployed = deployedTarget(spec)
  // As a canary the model stands beside targets that stay.
  const around = canary ? targets.slice(1) : targets.filter(({ id }) => id !== deployed.id)
  const nameOf = (id: string) => (id === deployed.id || id === targets[0]!.id ? 'live' : id)
  return contentHash({
    ...behaviour,
    further: around
      .filter(({ id }) => id !== previous)
      .map(({ model, weight = null }) => ({ model, weight })),
    weight: targets[0]!.weight ?? null,
    rules: (rules ?? []).map(({ when, target }) => ({ when, target: nameOf(target) })),
  })
}
