import { expect, test } from 'vitest'
import {
  ACCEPTED,
  CORRECTED,
  SAMPLED,
  TRACE,
  content,
  proposed,
  redactedAs,
  reviewed,
} from './candidate.fixture.ts'
import type { Candidate, Source } from './candidate.ts'
import type { CandidateEvent } from './event.ts'
import { reviewQueue } from './queue.ts'
import { transition } from './transition.ts'

const START = [proposed(content('a')), redactedAs(content('a'))]
function candidate(events: CandidateEvent[]): Candidate {
  return events.reduce<Candidate | undefined>((state, event) => transition(state, event).state, undefined)!
}

test('the review queue: what can be decided, what people worked on first, then by age', () => {
  const waiting = (traceId: string, source: Source) =>
    candidate([proposed(content('a'), source, { ...TRACE, traceId }), redactedAs(content('a'))])
  const labelled: Source = { kind: 'labelled', at: 9, by: 'kim', label: 'thumbs', score: 0 }
  const hidden = [
    candidate([proposed(content('a'))]),
    candidate([...START, reviewed(content('a'), ACCEPTED)]),
  ]
  const sampled = [waiting('late', { ...SAMPLED, at: 3 }), waiting('early', SAMPLED)]
  const worked = [waiting('labelled', labelled), waiting('corrected', CORRECTED)]
  const queue = reviewQueue([...hidden, ...sampled, ...worked])
  expect(queue.map(({ trace }) => trace.traceId)).toEqual(['corrected', 'labelled', 'early', 'late'])
})
