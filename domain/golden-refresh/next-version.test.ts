import { expect, test } from 'vitest'
import { datasetVersion } from '../dataset/version.ts'
import { ACCEPTED, SAMPLED, TRACE, content, proposed, redactedAs, reviewed } from './candidate.fixture.ts'
import { hashOf, type Candidate } from './candidate.ts'
import type { CandidateEvent } from './event.ts'
import { nextVersion } from './next-version.ts'
import { transition } from './transition.ts'

function candidate(events: CandidateEvent[]): Candidate {
  return events.reduce<Candidate | undefined>((state, event) => transition(state, event).state, undefined)!
}
const accepted = (text: string, traceId: string, more: CandidateEvent[] = []) => {
  const of = content(text)
  const start = proposed(of, SAMPLED, { ...TRACE, traceId })
  return candidate([start, redactedAs(of), reviewed(of, ACCEPTED), ...more])
}

test('an accepted call is a row, with its trace, reviewer and redactor as its lineage', () => {
  const one = accepted('where is my invoice?', 't1')
  const hash = hashOf(content('where is my invoice?'))
  const { rows, version } = nextVersion([['a', 'ha']], [one])
  expect(rows).toEqual([
    {
      row: { id: `trace_${hash}`, ...content('where is my invoice?') },
      hash,
      lineage: [
        {
          candidateId: one.candidateId,
          ...TRACE,
          decision: 'accepted',
          reviewer: 'lee',
          reviewedAt: 10,
          redactor: { name: 'redactor', version: '2' },
        },
      ],
    },
  ])
  expect(version).toBe(
    datasetVersion([
      ['a', 'ha'],
      [`trace_${hash}`, hash],
    ]),
  )
})

test('two calls with one content are one row that comes from both', () => {
  const { rows } = nextVersion([], [accepted('same', 't1'), accepted('same', 't2')])
  expect(rows).toHaveLength(1)
  expect(rows[0]!.lineage.map(({ traceId }) => traceId).toSorted()).toEqual(['t1', 't2'])
})

test('what the dataset has, under whatever id, or had before it was corrected there, is not added', () => {
  const hash = hashOf(content('same'))
  for (const base of [
    ['row-7', hash],
    [`trace_${hash}`, 'corrected since'],
  ] as const) {
    const next = nextVersion([base], [accepted('same', 't1')])
    expect(next).toMatchObject({ version: datasetVersion([base]), rows: [], known: [{ hash }] })
  }
})

test('what is in a version already is not added to the next', () => {
  const included = { type: 'included' as const, version: 'v2', hash: hashOf(content('a')) }
  expect(nextVersion([], [accepted('a', 't1', [included])]).rows).toEqual([])
})

test('a candidate that was tampered with in storage does not get through', () => {
  const one = accepted('a', 't1')
  expect(nextVersion([], [{ ...one, proposal: { ...one.proposal, redaction: null } }]).rows).toEqual([])
  const changed = { ...one.proposal, content: content('SECRET') }
  expect(nextVersion([], [{ ...one, proposal: changed }]).rows).toEqual([])
})
