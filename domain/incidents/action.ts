import type { Occasion } from './event.ts'
import type { ActionKind } from './policy.ts'
import type { IncidentState, SLUICE } from './state.ts'

/** One thing to do about an incident, and the entry of the audit log that says so. */
export interface Action {
  /** The same whenever the same is decided again: doing it twice under one id is doing it once. */
  actionId: string
  do: ActionKind
  incidentId: string
  fingerprint: string
  /** `project/route`, since routes of two projects may share a name. */
  place: string
  /** In force when it was decided: what changes the route changes this version, or nothing. */
  routeVersion: string
  /** An endpoint to notify, or a workflow to run; empty for what is done to the route itself. */
  target: string
  at: number
  audit: ActionAudit
}

/** As `audit_entries` of the lineage database has it. */
export interface ActionAudit {
  action: `incident.${ActionKind}`
  target: string
  actor: typeof SLUICE
  reason: string
}

/** What is so when a policy is asked. */
export interface Situation {
  /** ms since the epoch. */
  at: number
  occasion: Occasion
  /** Of the incident when the occasion arose. */
  revision: number
  route: {
    /** In force now. */
    version: string
    hasCanary: boolean
    /** What a rollback would put in force; null where there is nothing to go back to. */
    rollbackTo: string | null
    /** The version in force came by a rollback. */
    isRolledBack: boolean
  }
}

export function placeOf({ cause: { project, route } }: IncidentState): string {
  return `${project}/${route}`
}
