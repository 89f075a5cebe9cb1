import { fingerprint, incidentId } from './cause.ts'
import type { IncidentEffect, IncidentEvent, Occasion } from './event.ts'
import { MAX_CHANGES, MAX_EVIDENCE, append, worstOf } from './bounded.ts'
import { SLUICE, type IncidentSettings, type IncidentState, type IncidentStatus } from './state.ts'

/** `ignored` says why an event changed nothing. */
export interface IncidentTransition {
  /** Undefined as long as the cause has never been found. */
  state: IncidentState | undefined
  effects: IncidentEffect[]
  ignored?: string
}
type Event<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>

/**
 * The state machine of the incidents of one cause: a pure function of its newest incident, one event and the time. A
 * cause that comes back after the window for reopening gives another incident, with its own id; the old one stays as it
 * ended. What it keeps is in `invariants.test.ts`.
 */
export function transition(
  current: IncidentState | undefined,
  event: IncidentEvent,
  at: number,
  settings: IncidentSettings,
): IncidentTransition {
  const ignore = (ignored: string) => ({ state: current, effects: [], ignored })
  if (event.type === 'flagged') return flag(current, event, at, settings, ignore)
  if (!current) return ignore('there is no incident')
  if (current.status === 'resolved') return ignore('the incident is resolved')
  switch (event.type) {
    case 'cleared': {
      if (event.window.to <= current.judgedUntil) return ignore('newer traffic was judged already')
      const good = { ...current, goodSweeps: current.goodSweeps + 1, judgedUntil: event.window.to }
      if (good.goodSweeps < settings.goodSweeps)
        return { state: { ...good, revision: good.revision + 1 }, effects: [] }
      const sweeps = good.goodSweeps === 1 ? 'a sweep' : `${good.goodSweeps} sweeps in a row`
      return change(good, 'resolved', 'resolved', { actor: SLUICE, reason: `${sweeps} found it gone` }, at)
    }
    case 'obsolete':
      return change(current, 'resolved', 'resolved', { actor: SLUICE, reason: event.reason }, at)
    case 'acknowledged':
      if (current.status === 'acknowledged')
        return ignore(`${current.lastChange.actor} has acknowledged it already`)
      return change(current, 'acknowledged', 'acknowledged', event, at)
    case 'resolved':
      return change(current, 'resolved', 'resolved', event, at)
  }
}

function flag(
  current: IncidentState | undefined,
  event: Event<'flagged'>,
  at: number,
  { reopenWithinMs }: IncidentSettings,
  ignore: (why: string) => IncidentTransition,
): IncidentTransition {
  if (!current) return open(event, 1, at)
  if (fingerprint(event.cause) !== current.fingerprint) return ignore('it is about another cause')
  const { to } = event.evidence.window
  if (to <= current.judgedUntil) return ignore('newer traffic was judged already')
  if (current.status !== 'resolved')
    return decided({ ...withEvidence(current, event), revision: current.revision + 1 }, 'flagged')
  // A window that ended before somebody put it right says nothing about whether it is right.
  if (to <= current.lastChange.at) return ignore('the traffic is from before it was resolved')
  if (at - current.lastChange.at > reopenWithinMs) return open(event, current.episode + 1, at)
  const again = { ...withEvidence(current, event), badSweeps: 1 }
  return change(again, 'open', 'reopened', { actor: SLUICE, reason: event.evidence.sentence }, at)
}

function open(event: Event<'flagged'>, episode: number, at: number): IncidentTransition {
  const { cause, evidence, suspicion } = event
  const print = fingerprint(cause)
  const opened = { at, to: 'open' as const, actor: SLUICE, reason: evidence.sentence }
  const state: IncidentState = {
    incidentId: incidentId(print, episode),
    fingerprint: print,
    cause: { ...cause },
    episode,
    status: 'open',
    revision: 1,
    routeVersion: evidence.routeVersion,
    sentence: evidence.sentence,
    evidence: { kept: [evidence], dropped: 0 },
    examples: worstOf([], event.examples),
    suspicion,
    badSweeps: 1,
    goodSweeps: 0,
    judgedUntil: evidence.window.to,
    openedAt: at,
    lastChange: opened,
    changes: { kept: [opened], dropped: 0 },
  }
  return decided(state, 'opened')
}

function withEvidence(
  state: IncidentState,
  { evidence, examples, suspicion }: Event<'flagged'>,
): IncidentState {
  return {
    ...state,
    routeVersion: evidence.routeVersion,
    sentence: evidence.sentence,
    evidence: append(state.evidence, evidence, MAX_EVIDENCE),
    examples: worstOf(state.examples, examples),
    // More traces tell causes apart better. What was behind it before it was resolved says nothing of why it came back.
    suspicion: suspicion ?? (state.status === 'resolved' ? null : state.suspicion),
    badSweeps: state.badSweeps + 1,
    goodSweeps: 0,
    judgedUntil: evidence.window.to,
  }
}

function change(
  state: IncidentState,
  to: IncidentStatus,
  occasion: Occasion,
  { actor, reason }: { actor: string; reason: string },
  at: number,
): IncidentTransition {
  const lastChange = { at, to, actor, reason }
  const changed = {
    ...state,
    status: to,
    revision: state.revision + 1,
    lastChange,
    changes: append(state.changes, lastChange, MAX_CHANGES),
  }
  const { effects } = decided(changed, occasion)
  if (to === 'open') return { state: changed, effects }
  const target = state.incidentId
  return {
    state: changed,
    effects: [{ type: 'audit', action: `incident.${to}`, target, actor, reason }, ...effects],
  }
}

function decided(state: IncidentState, occasion: Occasion): IncidentTransition {
  const { incidentId, revision } = state
  return { state, effects: [{ type: 'decide', incidentId, occasion, revision }] }
}
