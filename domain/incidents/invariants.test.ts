import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_CHANGES, MAX_EVIDENCE, MAX_EXAMPLES, worstOf } from './bounded.ts'
import type { IncidentEvent } from './event.ts'
import { SETTINGS, examples, timedEvents } from './incident.fixture.ts'
import type { IncidentState, IncidentStatus } from './state.ts'
import { transition } from './transition.ts'

/** What a person would keep on a whiteboard of one cause. */
interface Board {
  episode: number
  status: IncidentStatus | 'none'
  since: number
  seen: number
  good: number
}

function onBoard(board: Board, event: IncidentEvent, at: number): Board {
  const isOpen = board.status === 'open' || board.status === 'acknowledged'
  const resolved: Board = { ...board, status: 'resolved', since: at }
  if (event.type === 'acknowledged' && board.status === 'open') return { ...board, status: 'acknowledged' }
  if ((event.type === 'resolved' || event.type === 'obsolete') && isOpen) return resolved
  if (event.type === 'cleared' && isOpen && event.window.to > board.seen) {
    const good = board.good + 1
    return { ...(good === SETTINGS.goodSweeps ? resolved : board), good, seen: event.window.to }
  }
  if (event.type !== 'flagged') return board
  const seen = event.evidence.window.to
  if (board.status === 'none') return { episode: 1, status: 'open', since: at, seen, good: 0 }
  if (seen <= board.seen) return board
  if (isOpen) return { ...board, seen, good: 0 }
  if (seen <= board.since) return board
  const isAnother = at - board.since > SETTINGS.reopenWithinMs
  return { episode: board.episode + (isAnother ? 1 : 0), status: 'open', since: at, seen, good: 0 }
}

test('the incidents of a cause are those of a whiteboard, whatever comes in whatever order', () => {
  const met = new Set<string>()
  fc.assert(
    fc.property(timedEvents, (steps) => {
      let state: IncidentState | undefined
      let board: Board = { episode: 0, status: 'none', since: 0, seen: 0, good: 0 }
      for (const { event, at } of steps) {
        const before = state
        const step = transition(state, event, at, SETTINGS)
        state = step.state
        board = onBoard(board, event, at)
        expect(state?.status ?? 'none').toBe(board.status)
        expect(state?.episode ?? 0).toBe(board.episode)
        if (step.ignored === undefined) {
          expect(state!.revision).toBe(before?.episode === state!.episode ? before.revision + 1 : 1)
        } else {
          expect([state, step.effects]).toEqual([before, []])
        }
        for (const effect of step.effects) {
          met.add(effect.type === 'decide' ? effect.occasion : effect.action)
          if (effect.type === 'decide') expect(effect.revision).toBe(state!.revision)
        }
      }
    }),
    { numRuns: 1_000 },
  )
  // It would prove little had it not been everywhere.
  expect([...met].toSorted()).toEqual([
    'acknowledged',
    'flagged',
    'incident.acknowledged',
    'incident.resolved',
    'opened',
    'reopened',
    'resolved',
  ])
})

test('every status has its reason, and a person’s and an ended incident’s are audited', () => {
  fc.assert(
    fc.property(timedEvents, (steps) => {
      let state: IncidentState | undefined
      for (const { event, at } of steps) {
        const before = state
        const { effects, ...step } = transition(state, event, at, SETTINGS)
        state = step.state
        if (!state) continue
        expect(state.lastChange.to).toBe(state.status)
        expect(state.changes.kept.at(-1)).toEqual(state.lastChange)
        expect(state.lastChange.reason).not.toBe('')
        const moved = before !== undefined && before.status !== state.status && state.status !== 'open'
        expect(effects.filter(({ type }) => type === 'audit')).toHaveLength(moved ? 1 : 0)
      }
    }),
    { numRuns: 300 },
  )
})

test('an event applied again at once changes nothing', () => {
  fc.assert(
    fc.property(timedEvents, (steps) => {
      let state: IncidentState | undefined
      for (const { event, at } of steps) {
        state = transition(state, event, at, SETTINGS).state
        const again = transition(state, event, at, SETTINGS)
        expect([again.state, again.effects]).toEqual([state, []])
      }
    }),
    { numRuns: 300 },
  )
})

test('an incident stays small, keeps how it began, and counts what it no longer holds', () => {
  fc.assert(
    fc.property(timedEvents, (steps) => {
      let state: IncidentState | undefined
      let findings = 0
      for (const { event, at } of steps) {
        const { ignored, ...step } = transition(state, event, at, SETTINGS)
        if (step.state?.episode !== state?.episode) findings = 0
        if (event.type === 'flagged' && ignored === undefined) findings++
        const first = state?.episode === step.state?.episode ? state?.evidence.kept[0] : undefined
        state = step.state
        if (!state) continue
        if (first) expect(state.evidence.kept[0]).toEqual(first)
        expect(state.evidence.kept.length).toBeLessThanOrEqual(MAX_EVIDENCE)
        expect(state.evidence.kept.length + state.evidence.dropped).toBe(findings)
        expect(state.changes.kept.length).toBeLessThanOrEqual(MAX_CHANGES)
        expect(state.examples.length).toBeLessThanOrEqual(MAX_EXAMPLES)
      }
    }),
    { numRuns: 300 },
  )
})

test('the worst examples stay, each call once, in whatever order and grouping they come', () => {
  fc.assert(
    fc.property(fc.array(fc.array(examples, { maxLength: 8 }), { maxLength: 8 }), (batches) => {
      const merged = batches.reduce((worst, batch) => worstOf(worst, batch), [])
      expect(merged).toEqual(worstOf([], batches.toReversed().flat()))
      expect(new Set(merged.map(({ traceId, spanId }) => `${traceId}/${spanId}`)).size).toBe(merged.length)
      const scores = batches.flat().flatMap(({ score }) => (score === null ? [] : [score]))
      if (scores.length > 0) expect(merged[0]!.score).toBe(Math.min(...scores))
    }),
  )
})
