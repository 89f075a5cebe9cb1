import { contentHash } from '../hash.ts'

/**
 * What is wrong. `cohort`: scores below the threshold; `drift`: the scores, or the mix of cohorts, moved; `new-cohort`:
 * traffic that no dataset has; `errors`, `latency`, `cost`, `fallbacks`: rates of the calls themselves; `offline-gap`:
 * the golden set and traffic disagree; `waiver`: a version in production whose waiver has run out.
 */
export const INCIDENT_KINDS = [
  'cohort',
  'drift',
  'new-cohort',
  'errors',
  'latency',
  'cost',
  'fallbacks',
  'offline-gap',
  'waiver',
] as const
export type IncidentKind = (typeof INCIDENT_KINDS)[number]

/** There is one incident a cause at a time: what is found again is more evidence of the same. */
export interface Cause {
  project: string
  route: string
  kind: IncidentKind
  /** What of the route it is about: a cohort; `*` for the whole route; for a waiver its id. */
  subject: string
}

/**
 * Identity of a cause, as 32 hex digits. No version is in it: a cohort that is as bad after a rollback has the same
 * incident still, which is how a policy knows that rolling back did not help.
 */
export function fingerprint({ project, route, kind, subject }: Cause): string {
  return contentHash([project, route, kind, subject]).slice(0, 32)
}

/** The id of a cause's `episode`-th incident, from 1. The same wherever it is made, so that no two sweeps open two. */
export function incidentId(print: string, episode: number): string {
  return `inc_${print}_${episode}`
}
