import type { Json } from '../json.ts'
import type { Cause } from './cause.ts'
import type { Suspicion } from './suspicion.ts'

export const INCIDENT_STATUSES = ['open', 'acknowledged', 'resolved'] as const
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number]

/** The actor where no person decided. */
export const SLUICE = 'sluice'

/** What one sweep, or another check, found of the cause. Times are ms since the epoch. */
export interface Evidence {
  /** Null where it was no sweep that found it. */
  sweepId: string | null
  /** Of the traffic that was looked at. */
  window: { from: number; to: number }
  /** In force when it was found. */
  routeVersion: string
  sentence: string
  detail: Json
}

/** A call that shows what is wrong. */
export interface ExampleTrace {
  traceId: string
  spanId: string
  /** The lower, the better an example. Null where nothing was scored. */
  score: number | null
  /** What the score is of. */
  metric?: string
}

/** Who changed an incident's status, when and why. */
export interface StatusChange {
  at: number
  to: IncidentStatus
  actor: string
  reason: string
}

/** A list that was kept short: `dropped` counts what is missing from it. */
export interface Bounded<T> {
  kept: T[]
  dropped: number
}

/** The newest incident of a cause. */
export interface IncidentState {
  incidentId: string
  fingerprint: string
  cause: Cause
  /** 1 for the first incident of the cause, 2 for the one after the window for reopening, and so on. */
  episode: number
  status: IncidentStatus
  /** Grows by one with each change: for compare-and-set, for ids of what the change led to, and for its order. */
  revision: number
  /** That of the newest evidence. */
  routeVersion: string
  sentence: string
  /** The first and the newest. */
  evidence: Bounded<Evidence>
  /** The worst, worst first. */
  examples: ExampleTrace[]
  /** What is most likely behind it, by the newest evidence; null where nobody looked. */
  suspicion: Suspicion | null
  /** Findings since it was opened, or opened again. */
  badSweeps: number
  /** Sweeps in a row that found the cause gone. */
  goodSweeps: number
  /** End of the newest window that was judged: what is known of older traffic changes nothing any more. */
  judgedUntil: number
  openedAt: number
  /** The newest change, which made the status what it is. */
  lastChange: StatusChange
  /** All changes of status, newest last. */
  changes: Bounded<StatusChange>
}

/** How a route's incidents end and come back. */
export interface IncidentSettings {
  /** So many sweeps in a row without the cause resolve it. */
  goodSweeps: number
  /** A resolved incident whose cause comes back within this time is opened again; after it, another one is. */
  reopenWithinMs: number
}
