import { placeOf, type Action, type Situation } from './action.ts'
import type { ActionRule } from './policy.ts'
import type { IncidentState } from './state.ts'
import { isLikelyAChange } from './suspicion.ts'

const HOUR_MS = 3_600_000

/** A rule that changes production, or starts what may. */
export type ChangeRule = Exclude<ActionRule, { do: 'notify' }>

/** Why a rule that fits an incident is not followed now, in words; undefined when it is. */
export function withheld(
  rule: ChangeRule,
  incident: IncidentState,
  past: readonly Action[],
  situation: Situation,
): string | undefined {
  const { status, badSweeps, lastChange } = incident
  if (status === 'resolved') return 'the incident is resolved'
  if (status === 'acknowledged') return `${lastChange.actor} has acknowledged the incident`
  if (badSweeps < rule.afterSweeps)
    return `the sweeps that found it are ${badSweeps} of the ${rule.afterSweeps} that are needed`
  const ofRoute = past.filter(({ place }) => place === placeOf(incident))
  const same = ofRoute.filter((action) => action.do === rule.do)
  return ofRule(rule, incident, ofRoute, situation) ?? coolingDown(rule, same, situation.at)
}

function ofRule(
  rule: ChangeRule,
  { incidentId, routeVersion, suspicion }: IncidentState,
  ofRoute: readonly Action[],
  { route }: Situation,
): string | undefined {
  const has = (kind: ChangeRule['do'], fits: (action: Action) => boolean) =>
    ofRoute.some((action) => action.do === kind && fits(action))
  const isMine = (action: Action) => action.incidentId === incidentId
  if (rule.do === 'retrain') {
    const isStarted = has('retrain', (action) => isMine(action) && action.target === rule.workflow)
    return isStarted ? 'it was started for this incident already' : undefined
  }
  const isStopping = has('stop-canary', (action) => action.routeVersion === route.version)
  if (rule.do === 'stop-canary') {
    if (!route.hasCanary) return 'the route has no canary'
    if (isStopping) return 'the canary is being stopped already'
  } else {
    if (has('roll-back', isMine)) return 'it was rolled back for this incident already'
    if (route.hasCanary && isStopping) return 'the canary is stopped first'
    if (route.rollbackTo === null) return 'there is no version to roll back to'
    if (route.isRolledBack) return 'the version in force came by a rollback itself'
    if (rule.onlyAfterChange && !isLikelyAChange(suspicion))
      return 'no change of the route is likely behind it'
  }
  return routeVersion === route.version ? undefined : 'the route serves another version than it was found on'
}

function coolingDown(rule: ChangeRule, same: readonly Action[], at: number): string | undefined {
  const alike = rule.do === 'retrain' ? same.filter(({ target }) => target === rule.workflow) : same
  const until = Math.max(...alike.map((action) => action.at + rule.coolDownHours * HOUR_MS))
  return at < until ? `the last one is too recent: not before ${new Date(until).toISOString()}` : undefined
}
