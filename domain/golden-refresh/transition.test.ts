import { expect, test } from 'vitest'
import {
  ACCEPTED,
  CORRECTED,
  REJECTED,
  SAMPLED,
  TRACE,
  clean,
  content,
  proposed,
  redactedAs,
  reviewed,
} from './candidate.fixture.ts'
import { hashOf, type Candidate } from './candidate.ts'
import type { CandidateEvent } from './event.ts'
import { MAX_SOURCES, transition, type CandidateTransition } from './transition.ts'

const CONTENT = content('where is my invoice?')
const START: CandidateEvent[] = [proposed(CONTENT), redactedAs(CONTENT)]
function after(...events: CandidateEvent[]): CandidateTransition & { state: Candidate } {
  let step: CandidateTransition = { state: undefined, effects: [] }
  for (const event of events) step = transition(step.state, event)
  return step as CandidateTransition & { state: Candidate }
}

test('a call is proposed, redacted, and then waits for a person', () => {
  const { state, effects } = after(proposed(CONTENT))
  expect(state).toMatchObject({ status: 'pending', proposal: { redaction: null }, sources: [SAMPLED] })
  expect(effects).toEqual([{ type: 'redact', candidateId: state.candidateId, of: hashOf(CONTENT) }])
  expect(after(...START).state).toMatchObject({ status: 'pending', proposal: clean(CONTENT) })
})

test('a person accepts, rejects or edits it, which is audited', () => {
  const { state, effects } = after(...START, reviewed(CONTENT, ACCEPTED))
  expect(state).toMatchObject({ status: 'accepted', review: { reviewer: 'lee' } })
  expect(effects).toEqual([
    { type: 'audit', action: 'golden.accepted', target: state.candidateId, actor: 'lee', reason: 'seen' },
  ])
  expect(after(...START, reviewed(CONTENT, REJECTED)).state.status).toBe('rejected')
  const to = clean(content('where is the invoice?'))
  expect(after(...START, reviewed(CONTENT, { verdict: 'edited', to })).state.status).toBe('edited')
})

test('what is not redacted, or not wholly, is not accepted; to reject it is always possible', () => {
  const accept = reviewed(CONTENT, ACCEPTED)
  expect(after(proposed(CONTENT), accept).ignored).toBe('it is not redacted')
  const left = [proposed(CONTENT), redactedAs(CONTENT, clean(CONTENT, { EMAIL: 2 }))]
  expect(after(...left, accept).ignored).toBe('it still holds personal data: EMAIL (2)')
  expect(after(proposed(CONTENT), reviewed(CONTENT, REJECTED)).state.status).toBe('rejected')
})

test('what a reviewer typed has to be redacted too', () => {
  const edit = (to: Parameters<typeof redactedAs>[1]) =>
    after(...START, reviewed(CONTENT, { verdict: 'edited', to: to! })).ignored
  const typed = content('mail jane@example.com')
  expect(edit({ content: typed, redaction: null })).toBe('it is not redacted')
  expect(edit({ ...clean(CONTENT), content: typed })).toBe('it was redacted before it was changed')
  expect(edit(clean(typed, { EMAIL: 1 }))).toBe('it still holds personal data: EMAIL (1)')
})

test('the newest review counts, and at one moment the stricter', () => {
  const review = (verdict: typeof ACCEPTED | typeof REJECTED, at: number) =>
    reviewed(CONTENT, verdict, { at })
  expect(after(...START, review(REJECTED, 20), review(ACCEPTED, 10)).ignored).toBe('there is a newer review')
  expect(after(...START, review(REJECTED, 20), review(ACCEPTED, 30)).state.status).toBe('accepted')
  expect(after(...START, review(ACCEPTED, 20), review(REJECTED, 20)).state.status).toBe('rejected')
  expect(after(...START, review(REJECTED, 20), review(ACCEPTED, 20)).state.status).toBe('rejected')
})

test('a correction is another proposal: redacted and reviewed anew, and late reviews of the old one do not count', () => {
  const correct: CandidateEvent = {
    type: 'proposed',
    trace: TRACE,
    content: CONTENT,
    source: CORRECTED,
    fields: { completion: 'no' },
  }
  const { state, effects } = after(...START, reviewed(CONTENT, ACCEPTED), correct)
  expect(state).toMatchObject({
    status: 'pending',
    review: null,
    sources: [SAMPLED, CORRECTED],
    proposal: { content: { data: { prompt: 'where is my invoice?', completion: 'no' } }, redaction: null },
  })
  expect(effects).toMatchObject([{ type: 'redact' }])
  expect(transition(state, reviewed(CONTENT, ACCEPTED)).ignored).toBe(
    'it has changed since the reviewer saw it',
  )
  expect(transition(state, redactedAs(CONTENT)).ignored).toBe('the proposal is another one by now')
  expect(transition(state, correct).ignored).toBe('it was proposed for this already')
  const older = { ...correct, source: { ...CORRECTED, at: 4 }, fields: { completion: 'maybe' } }
  expect(transition(state, older).state!.proposal).toEqual(state.proposal)
  expect(after(correct).state.proposal.content.data.completion).toBe('no')
})

test('what was corrected by a person is nowhere but in the proposal', () => {
  const secret = { type: 'proposed' as const, trace: TRACE, content: CONTENT, source: CORRECTED }
  const { state } = after(...START, { ...secret, fields: { completion: 'ask jane@example.com' } })
  expect(JSON.stringify({ ...state, proposal: null })).not.toContain('jane')
})

test('more reasons for the same call are kept, up to a limit, and change nothing that was decided', () => {
  const again = (at: number) => proposed(CONTENT, { ...SAMPLED, at })
  expect(after(...START, reviewed(CONTENT, ACCEPTED), again(2)).state).toMatchObject({
    status: 'accepted',
    sources: [SAMPLED, { at: 2 }],
  })
  const many = after(...START, ...Array.from({ length: 30 }, (_, at) => again(at + 2)))
  expect(many.state.sources).toHaveLength(MAX_SOURCES)
  expect(many.ignored).toBe('it has enough reasons')
  const other = proposed(CONTENT, SAMPLED, { ...TRACE, spanId: 's2' })
  expect(after(...START, other).ignored).toBe('it is about another call')
})

test('a candidate that is a row does not change any more', () => {
  const included: CandidateEvent = { type: 'included', version: 'dataset:golden@v2', hash: hashOf(CONTENT) }
  const { state } = after(...START, reviewed(CONTENT, ACCEPTED), included)
  expect(state.includedIn).toBe('dataset:golden@v2')
  expect(transition(state, reviewed(CONTENT, REJECTED, { at: 99 }))).toMatchObject({
    state,
    ignored: 'it is a row of dataset:golden@v2',
  })
  expect(after(...START, included).ignored).toBe('it is pending')
  expect(after(...START, reviewed(CONTENT, ACCEPTED), { ...included, hash: 'x' }).ignored).toBe(
    'something else was accepted since',
  )
  expect(after(included)).toMatchObject({ state: undefined, ignored: 'there is no candidate' })
})
