import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ACCEPTED,
  REJECTED,
  SAMPLED,
  TRACE,
  clean,
  content,
  proposed,
  redactedAs,
  reviewed,
} from './candidate.fixture.ts'
import type { Candidate, Proposal } from './candidate.ts'
import type { CandidateEvent } from './event.ts'
import { nextVersion } from './next-version.ts'
import { transition } from './transition.ts'

function candidate(events: CandidateEvent[]): Candidate {
  return events.reduce<Candidate | undefined>((state, event) => transition(state, event).state, undefined)!
}

const texts = fc.constantFrom('a', 'b', 'c')
const edits: fc.Arbitrary<Proposal> = fc.oneof(
  texts.map((text) => clean(content(`${text}!`))),
  texts.map((text) => clean(content(`SECRET ${text}`), { EMAIL: 1 })),
  texts.map((text) => ({ content: content(`SECRET ${text}`), redaction: null })),
  texts.map((text) => ({ ...clean(content(text)), content: content(`SECRET ${text}`) })),
)
const calls = fc.array(
  fc.record({
    text: texts,
    redaction: fc.constantFrom('clean', 'clean', 'residual', 'none'),
    reviews: fc.array(
      fc.record({
        at: fc.nat(3),
        reviewer: fc.constantFrom('kim', 'lee'),
        decision: fc.oneof(
          fc.constant(ACCEPTED),
          fc.constant(REJECTED),
          edits.map((to) => ({ verdict: 'edited' as const, to })),
        ),
      }),
      { maxLength: 5 },
    ),
  }),
  { maxLength: 8 },
)

test('a rejected or unredacted call never becomes a row, and the order of reviews and calls plays no part', () => {
  let [added, rejected] = [0, 0]
  fc.assert(
    fc.property(calls, fc.integer(), (drawn, seed) => {
      const made = (shuffle: boolean) =>
        drawn.map(({ text, redaction, reviews }, index) => {
          const of = content(redaction === 'clean' ? text : `SECRET ${text}`)
          const to = clean(of, redaction === 'residual' ? { EMAIL: 1 } : {})
          const start = [
            proposed(of, SAMPLED, { ...TRACE, traceId: `t${index}` }),
            ...(redaction === 'none' ? [] : [redactedAs(of, to)]),
          ]
          const events = reviews.map(({ decision, ...by }) => reviewed(of, decision, by))
          return candidate([...start, ...(shuffle ? shuffled(events, seed) : events)])
        })
      const candidates = made(false)
      const next = nextVersion([], candidates)
      expect(nextVersion([], shuffled(made(true), seed))).toEqual(next)
      expect(JSON.stringify(next.rows)).not.toContain('SECRET')
      const refused = new Set(
        candidates
          .filter(({ status }) => status === 'pending' || status === 'rejected')
          .map((each) => each.candidateId),
      )
      const letIn = next.rows.flatMap(({ lineage }) => lineage.map((from) => from.candidateId))
      expect(letIn.filter((id) => refused.has(id))).toEqual([])
      // Nothing that was accepted is lost, and each content is there once.
      expect(letIn.length + refused.size).toBe(candidates.length)
      expect(new Set(next.rows.map(({ hash }) => hash)).size).toBe(next.rows.length)
      added += next.rows.length
      rejected += candidates.filter(({ status }) => status === 'rejected').length
    }),
    { numRuns: 400 },
  )
  expect(added).toBeGreaterThan(100)
  expect(rejected).toBeGreaterThan(100)
})

/** Some other order, the same for the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  return items
    .map((item, index) => ({ item, key: Math.sin(seed + index * 97) }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
