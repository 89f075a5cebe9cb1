import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addCohortScores,
  cohortKey,
  momentsOf,
  passMarkOf,
  scoreRow,
  sumByCohort,
  type RowScores,
} from './score.ts'
import { Suite, onlineMetrics } from './suite.ts'
import { EVALUATORS } from '../evaluators/registry.ts'

// Eighths add up exactly, so that any order of addition gives the same sum.
const score = fc.nat(8).map((eighths) => ({ score: eighths / 8, reason: '' }))
const rows: fc.Arbitrary<RowScores[]> = fc.array(
  fc.record({
    rowId: fc.string(),
    cohort: fc.constantFrom('a', 'b', '__proto__'),
    scores: fc.dictionary(
      fc.constantFrom('M', 'N'),
      fc.oneof(score, fc.constant({ error: 'no answer came' })),
    ),
  }),
  { maxLength: 30 },
)

test('shards add up to the same, however the rows are cut and ordered', () => {
  fc.assert(
    fc.property(rows, fc.nat(30), (list, cut) => {
      const parts = [sumByCohort(list.slice(cut)), sumByCohort(list.slice(0, cut))]
      expect(addCohortScores(parts)).toEqual(sumByCohort(list))
    }),
  )
})

test('adding shards leaves the shards as they were', () => {
  const part = sumByCohort([{ rowId: '1', cohort: 'a', scores: { M: { score: 1, reason: '' } } }])
  addCohortScores([part, part])
  expect(part[0]).toMatchObject({ n: 1, sum: 1 })
})

test('a row that could not be scored is counted apart and pulls no mean down', () => {
  const sums = sumByCohort([
    { rowId: '1', cohort: 'a', scores: { M: { score: 0.5, reason: '' } } },
    { rowId: '2', cohort: 'a', scores: { M: { error: 'no answer came' } } },
    { rowId: '3', cohort: 'b', scores: { M: { score: 1, reason: '' } } },
  ])
  expect(sums).toEqual([
    {
      metric: 'M',
      cohort: 'a',
      n: 1,
      errors: 1,
      sum: 0.5,
      sumSquares: 0.25,
      passes: 1,
      histogram: { 50: 1 },
    },
    { metric: 'M', cohort: 'b', n: 1, errors: 0, sum: 1, sumSquares: 1, passes: 1, histogram: { 100: 1 } },
  ])
  expect(momentsOf(sums, 'M')).toEqual({ n: 2, errors: 1, sum: 1.5, sumSquares: 1.25 })
  expect(momentsOf(sums, 'M', 'b')).toEqual({ n: 1, errors: 0, sum: 1, sumSquares: 1 })
})

const metric = (name: string, evaluator: string, reference: boolean) => ({
  metric: name,
  evaluator,
  version: EVALUATORS.find((candidate) => candidate.name === evaluator)!.version,
  reference,
})

test('a metric without a reference does not see the good answer', () => {
  const suite = Suite.parse({
    name: 's',
    metrics: [metric('Blind', 'TaskCompletion', false), metric('Seeing', 'TaskCompletion', true)],
  })
  const expected = { intent: 'track', action: 'lookup_order', reply: 'It arrives on Monday.' }
  const right = { messages: [{ role: 'user', content: 'Where is my order?' }] as const, context: [] }
  const given = { ...right, response: JSON.stringify(expected) }
  const other = { intent: 'refund', action: 'refund', reply: 'We paid you back.' }
  const [same, different] = [expected, other].map((answer) =>
    scoreRow(suite.metrics, suite, { ...given, expected: answer }),
  )
  expect(different!.Blind).toEqual(same!.Blind)
  expect(different!.Seeing).not.toEqual(same!.Seeing)
})

test('a sweep runs what needs no reference, and of an evaluator that stands twice only that', () => {
  const suite = Suite.parse({
    name: 's',
    metrics: [
      metric('TaskCompletion', 'TaskCompletion', true),
      metric('OnlineTaskCompletion', 'TaskCompletion', false),
      metric('Groundedness', 'Groundedness', true),
    ],
  })
  expect(onlineMetrics(suite).map((one) => one.metric)).toEqual(['OnlineTaskCompletion', 'Groundedness'])
})

test.for([
  [{ evaluator: 'Luck' }, 'metrics.0.evaluator: not one of'],
  [{ version: '0' }, 'metrics.0.version: TaskCompletion is at version'],
  [{ metric: 'a b' }, 'metrics.0.metric'],
] as const)('a suite with %j is refused, with the place', ([change, expected]) => {
  const parsed = Suite.safeParse({
    name: 's',
    metrics: [{ ...metric('M', 'TaskCompletion', true), ...change }],
  })
  expect(parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join()).toContain(
    expected,
  )
})

test('a suite refuses two metrics of one name', () => {
  const twice = [metric('M', 'TaskCompletion', true), metric('M', 'Groundedness', true)]
  expect(Suite.safeParse({ name: 's', metrics: twice }).error?.issues[0]?.message).toBe('M stands twice')
})

test('a cohort with a pass mark of its own is counted by it', () => {
  const row = (rowId: string, cohort: string): RowScores => ({
    rowId,
    cohort,
    scores: { M: { score: 0.6, reason: '' } },
  })
  const marks = { M: 0.7, [cohortKey('M', 'terse')]: 0.5 }
  const sums = sumByCohort([row('1', 'terse'), row('2', 'chatty')], marks)
  expect(sums.map(({ cohort, passes }) => [cohort, passes])).toEqual([
    ['chatty', 0],
    ['terse', 1],
  ])
  expect(passMarkOf({}, 'constructor', 'a')).toBe(0.5)
})
