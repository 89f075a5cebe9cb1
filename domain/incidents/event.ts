import type { Cause } from './cause.ts'
import type { Evidence, ExampleTrace } from './state.ts'
import type { Suspicion } from './suspicion.ts'

/** All that can happen to an incident. */
export type IncidentEvent =
  /** The cause was found. What could not be judged (too few rows, failing judges) is no event at all. */
  | {
      type: 'flagged'
      cause: Cause
      evidence: Evidence
      examples: readonly ExampleTrace[]
      suspicion: Suspicion | null
    }
  /** A sweep had enough to judge by, and found the cause gone. */
  | { type: 'cleared'; sweepId: string; window: { from: number; to: number } }
  /** What the incident is about is no more: the version of a waiver was replaced, the route was removed. */
  | { type: 'obsolete'; reason: string }
  /** A person has taken it on. */
  | { type: 'acknowledged'; actor: string; reason: string }
  /** A person says that it is over. */
  | { type: 'resolved'; actor: string; reason: string }

/** Why a policy is asked what to do. `flagged`: the cause was found again. */
export const OCCASIONS = ['opened', 'reopened', 'flagged', 'acknowledged', 'resolved'] as const
export type Occasion = (typeof OCCASIONS)[number]

/** What the state machine wants done. Effects are data; the caller stores them with the state, and does them at least once. */
export type IncidentEffect =
  /** Ask `actionsFor` what is to be done. `revision` makes it one occasion, however often it is delivered. */
  | { type: 'decide'; incidentId: string; occasion: Occasion; revision: number }
  /** One entry of the audit log for each decision of a person, and for each incident that ended by itself. */
  | {
      type: 'audit'
      action: `incident.${'acknowledged' | 'resolved'}`
      target: string
      actor: string
      reason: string
    }
