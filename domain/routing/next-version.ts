import type { RouteProblem } from './behaviour-problems.ts'
import { NEW_MODEL, type RouteSettings } from './route-settings.ts'
import type { RouteBehaviour, RouteTarget, RouteVersion } from './route.ts'
import { targetIdentity } from './target-identity.ts'

export interface Change {
  route: string
  settings: RouteSettings
  /** Where the model that is deployed answers. */
  deployed: RouteTarget
  /** Where the models that `settings` name answer, by the ref that stands there. */
  named: Readonly<Record<string, RouteTarget>>
  prompt: string
  /** The text of the prompt version. */
  template: string
  /** The version in force; null for the first one. */
  current: RouteVersion | null
}

/** A route version, or why there cannot be one. Problems stand at paths of the settings. */
export type NextVersion = { spec: RouteVersion } | { problems: RouteProblem[] }

/**
 * The version that a deployment makes. The new model stands first, then the further targets, last what production used
 * before. As a canary it stands beside the targets of production, which stay; where there is none yet, it takes all.
 * Equal changes give equal versions.
 */
export function nextVersion({ settings, prompt, template, ...change }: Change): NextVersion {
  const { canary, rules, shadow, weight: _, targets: __, ...behaviour } = settings
  const asCanary = canary !== undefined && change.current !== null
  const placed = asCanary ? besideProduction(change.current!) : beforeProduction({ settings, ...change })
  const deployed = asCanary ? withOwnId(change.deployed, placed.targets) : placed.targets[0]!
  const everywhere = asCanary ? [...placed.targets, deployed] : placed.targets
  const problems: RouteProblem[] = asCanary
    ? [...alreadyThere(deployed, placed.targets), ...otherPrompt(prompt, behaviour, change.current!)]
    : []
  const resolved = rules?.map(({ when, model }, i) => {
    const target =
      model === NEW_MODEL ? deployed : everywhere.find((one) => isSame(one, change.named[model]!))
    if (!target) problems.push({ path: `rules.${i}.model`, message: noTarget(model, everywhere) })
    return { when, target: target?.id ?? '' }
  })
  if (problems.length > 0) return { problems }
  const spec: RouteVersion = {
    route: change.route,
    ...behaviour,
    ...placed,
    prompt,
    ...(behaviour.bindPrompt ? { promptTemplate: template } : {}),
    ...(asCanary ? { canary: { ...canary, target: deployed } } : {}),
    ...(resolved ? { rules: resolved } : {}),
    ...(shadow
      ? { shadow: { target: withOwnId(change.named[shadow.model]!, everywhere), share: shadow.share } }
      : {}),
  }
  return { spec }
}

type Placed = Pick<RouteVersion, 'targets' | 'previous'>

function besideProduction({ targets, previous }: RouteVersion): Placed {
  return { targets, ...(previous === undefined ? {} : { previous }) }
}

function beforeProduction({
  settings,
  deployed,
  named,
  current,
}: Pick<Change, 'settings' | 'deployed' | 'named' | 'current'>): Placed {
  const first = weighted(deployed, settings.weight)
  const further = (settings.targets ?? []).map(({ model, weight }) => weighted(named[model]!, weight))
  const targets = [first, ...further].reduce<RouteTarget[]>((all, one) => [...all, withOwnId(one, all)], [])
  const before = current && productionBefore(current, deployed)
  if (!before || targets.some((one) => isSame(one, before))) return { targets }
  const last = withOwnId(weighted(before, undefined), targets)
  return { targets: [...targets, last], previous: last.id }
}

/** What production used before the deployed model: when that is deployed once more, still what was before it. */
function productionBefore(
  { targets, previous }: RouteVersion,
  deployed: RouteTarget,
): RouteTarget | undefined {
  return isSame(targets[0]!, deployed) ? targets.find(({ id }) => id === previous) : targets[0]!
}

function weighted({ weight: _, ...target }: RouteTarget, weight: number | undefined): RouteTarget {
  return weight === undefined ? target : { ...target, weight }
}

/** Versions of two models may begin alike, and a route names its targets by that. */
function withOwnId(target: RouteTarget, others: readonly RouteTarget[]): RouteTarget {
  const taken = new Set(others.map(({ id }) => id))
  let id = target.id
  for (let n = 2; taken.has(id); n++) id = `${target.id}-${n}`
  return { ...target, id }
}

function isSame(a: RouteTarget, b: RouteTarget): boolean {
  return targetIdentity(a) === targetIdentity(b)
}

function alreadyThere(deployed: RouteTarget, targets: readonly RouteTarget[]): RouteProblem[] {
  const found = targets.findIndex((one) => isSame(one, deployed))
  if (found < 0) return []
  const message =
    found === 0
      ? 'the model answers first already'
      : 'the model steps in already when production fails; deploy it to all, or roll back'
  return [{ path: 'canary', message }]
}

/** There is one bound prompt for all: a canary may not bring everybody another one. */
function otherPrompt(prompt: string, { bindPrompt }: RouteBehaviour, current: RouteVersion): RouteProblem[] {
  if (prompt === current.prompt || !(bindPrompt || current.bindPrompt)) return []
  const message = `everybody would get ${prompt} at once, where production has ${current.prompt}; deploy the prompt by itself, without a canary`
  return [{ path: 'bindPrompt', message }]
}

function noTarget(model: string, targets: readonly RouteTarget[]): string {
  const known = targets.map((target) => target.model).join(', ')
  return `${model} is no target of the route; it has: ${known}. Add it to targets first`
}
