import type { IncidentKind } from '../incidents/cause.ts'
import type { Occasion } from '../incidents/event.ts'
import { shortRef } from '../ref.ts'
import type { IncidentNotice } from './incident-notice.ts'

const OCCASION_WORDS: Record<Occasion, string> = {
  opened: 'Opened',
  reopened: 'Opened again',
  flagged: 'Found again',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
}

const KIND_WORDS: Record<IncidentKind, (subject: string) => string> = {
  cohort: (subject) => `cohort ${subject} is below its score`,
  drift: (subject) => `${subject} has drifted`,
  'new-cohort': (subject) => `cohort ${subject} is in no dataset`,
  errors: (subject) => `errors of ${subject}`,
  latency: (subject) => `latency of ${subject}`,
  cost: (subject) => `cost of ${subject}`,
  fallbacks: (subject) => `fallbacks of ${subject}`,
  'offline-gap': (subject) => `${subject} scores otherwise offline than online`,
  waiver: (subject) => `the waiver ${subject} has ended`,
}

/** One line: what happened, to which route, about what. */
export function titleOf({ occasion, route, kind, subject }: IncidentNotice): string {
  return `${OCCASION_WORDS[occasion]}: ${route}: ${KIND_WORDS[kind](subject === '*' ? 'all traffic' : subject)}`
}

export function suspectWords({ kind, ref, at, probability }: IncidentNotice['suspects'][number]): string {
  return `${kind}: ${shortRef(ref)} since ${at} (${Math.round(probability * 100)}%)`
}

export function actionWords(action: IncidentNotice['actions'][number]): string {
  const what = action.target === '' ? action.do : `${action.do} ${action.target}`
  return action.reason === null ? what : `not done: ${what} (${action.reason})`
}
