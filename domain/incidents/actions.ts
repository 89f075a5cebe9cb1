import { contentHash } from '../hash.ts'
import { placeOf, type Action, type Situation } from './action.ts'
import type { Occasion } from './event.ts'
import type { ActionKind, ActionRule, IncidentPolicy } from './policy.ts'
import { SLUICE, type IncidentState } from './state.ts'
import { withheld } from './withheld.ts'

export interface Decision {
  actions: Action[]
  /** What a rule asks for and was not decided, with the reason: for the incident's page, not for the audit log. */
  withheld: { do: ActionKind; target: string; reason: string }[]
}

/**
 * What a route's policy does about an incident on one occasion. `history` is what was decided before, in any order: all
 * of this incident, and of the route all that changed something within the longest cool-down. An action counts from when
 * it was decided, whether or not it could be done: what fails for good is left to a person. One incident is never rolled
 * back for twice, nor within the cool-down of any rollback of its route; what changes production is left to the person
 * who has acknowledged the incident.
 */
export function actionsFor(
  policy: IncidentPolicy,
  incident: IncidentState,
  history: readonly Action[],
  situation: Situation,
): Decision {
  const decision: Decision = { actions: [], withheld: [] }
  for (const rule of policy.actions.toSorted((a, b) => ORDER[a.do] - ORDER[b.do])) {
    if (!isFor(rule, incident, situation.occasion)) continue
    for (const target of targetsOf(rule)) {
      const action = actionOf(rule.do, target, incident, situation)
      const past = [...history, ...decision.actions]
      if (rule.do !== 'notify') {
        const reason = withheld(rule, incident, past, situation)
        if (reason === undefined) decision.actions.push(action)
        else decision.withheld.push({ do: rule.do, target, reason })
      } else if (!past.some(({ actionId }) => actionId === action.actionId)) decision.actions.push(action)
    }
  }
  return decision
}

/** The lesser change first: a canary that is stopped now may have been all of it. Messages last: they tell what was decided. */
const ORDER: Record<ActionKind, number> = { 'stop-canary': 0, 'roll-back': 1, retrain: 2, notify: 3 }

/** Occasions on which something is wrong, and may be put right. */
const FOUND: ReadonlySet<Occasion> = new Set(['opened', 'reopened', 'flagged'])

function isFor(rule: ActionRule, { cause }: IncidentState, occasion: Occasion): boolean {
  if (rule.kinds && !rule.kinds.includes(cause.kind)) return false
  return rule.do === 'notify' ? rule.on.includes(occasion) : FOUND.has(occasion)
}

function targetsOf(rule: ActionRule): readonly string[] {
  if (rule.do === 'notify') return rule.to
  return [rule.do === 'retrain' ? rule.workflow : '']
}

function actionOf(
  kind: ActionKind,
  target: string,
  incident: IncidentState,
  { at, route, revision, occasion }: Situation,
): Action {
  const { incidentId, fingerprint, cause, sentence } = incident
  // A message is about one change of the incident; a canary about the version that has it; the rest about the incident.
  const once = { notify: revision, 'stop-canary': route.version, 'roll-back': '', retrain: '' }[kind]
  return {
    actionId: `act_${contentHash([incidentId, kind, target, once]).slice(0, 32)}`,
    do: kind,
    incidentId,
    fingerprint,
    place: placeOf(incident),
    routeVersion: route.version,
    target,
    at,
    audit: {
      action: `incident.${kind}`,
      target: target || cause.route,
      actor: SLUICE,
      reason: `${incidentId} ${occasion}: ${sentence}`,
    },
  }
}
