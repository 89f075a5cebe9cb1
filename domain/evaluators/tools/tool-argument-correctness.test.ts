import fc from 'fast-check'
import { expect, test } from 'vitest'
import { exactly } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import type { EvaluatorInput } from '../evaluator.ts'
import { DUE, TRIP } from './samples.fixture.ts'
import { toolArgumentCorrectness } from './tool-argument-correctness.ts'

const evaluate = (change: Partial<EvaluatorInput>) => toolArgumentCorrectness.evaluate({ ...TRIP, ...change })

function scoreOf(change: Partial<EvaluatorInput>): number {
  const result = evaluate(change)
  if ('error' in result) throw new Error(result.error)
  return result.score
}

const [voss, bergen] = TRIP.toolCalls!
const withDue = { expectedToolCalls: DUE! }
const bergenWith = (given: Record<string, Json>) => ({
  name: 'trains.book',
  arguments: { ...bergen!.arguments, ...given },
})

test('golden scores: a change here needs a new version', () => {
  expect({
    right: scoreOf(withDue),
    wrongValue: scoreOf({ ...withDue, toolCalls: [voss!, bergenWith({ people: 3 })] }),
    wrongType: scoreOf({ ...withDue, toolCalls: [voss!, bergenWith({ people: '2' })] }),
    unknown: scoreOf({ ...withDue, toolCalls: [bergenWith({ pets: true })] }),
    missing: scoreOf({ ...withDue, toolCalls: [{ name: 'trains.book', arguments: { from: 'Oslo' } }] }),
    otherTool: scoreOf({ ...withDue, toolCalls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }),
    leftOut: scoreOf({ ...withDue, toolCalls: [] }),
    rightlyNone: scoreOf({ expectedToolCalls: [], toolCalls: [] }),
    weak: scoreOf({}),
    weakWrongValue: scoreOf({ toolCalls: [bergenWith({ to: 'Lagos' })] }),
    weakWrongType: scoreOf({ toolCalls: [bergenWith({ people: 'two' })] }),
    weakMissing: scoreOf({ toolCalls: [{ name: 'trains.book', arguments: { from: 'Oslo' } }] }),
    weakNone: scoreOf({ toolCalls: [] }),
  }).toMatchInlineSnapshot(`
    {
      "leftOut": 0,
      "missing": 0.25,
      "otherTool": 0,
      "right": 1,
      "rightlyNone": 1,
      "unknown": 0.8,
      "weak": 1,
      "weakMissing": 0.0833,
      "weakNone": 1,
      "weakWrongType": 0.0703,
      "weakWrongValue": 0.375,
      "wrongType": 0.875,
      "wrongValue": 0.875,
    }
  `)
})

test('the reason names the arguments', () => {
  expect(evaluate({ ...withDue, toolCalls: [bergenWith({ people: 3, pets: true })] })).toMatchObject({
    reason: 'trains.book must not have pets; has another value than accepted in people.',
  })
  expect(evaluate({ toolCalls: [bergenWith({ people: '2' })] })).toMatchObject({
    weak: true,
    reason: 'trains.book has a value that the schema refuses in people.',
  })
})

test('as many calls as can be are matched, then those that fit best', () => {
  const due = [exactly({ name: 'f', arguments: { x: 1 } }), exactly({ name: 'f', arguments: { x: 2 } })]
  const calls = [
    { name: 'f', arguments: { x: 2 } },
    { name: 'f', arguments: { x: 1 } },
  ]
  expect(scoreOf({ toolCalls: calls, expectedToolCalls: due })).toBe(1)
  expect(scoreOf({ toolCalls: [{ name: 'f', arguments: { x: 2 } }], expectedToolCalls: due })).toBe(1)
})

test('bad input is an error value', () => {
  const { tools: _, ...noTools } = TRIP
  expect(toolArgumentCorrectness.evaluate(noTools)).toMatchObject({
    error: expect.stringContaining('neither'),
  })
  const long = { name: 'weather', arguments: { city: 'x'.repeat(100_000) } }
  expect(evaluate({ toolCalls: [long] })).toEqual({
    error: 'the arguments of weather are longer than 100000 characters',
  })
})

test('long conversations and many arguments are judged in bounded time', () => {
  const messages = [{ role: 'user' as const, content: 'Oslo 1,5 3 March '.repeat(60_000) }]
  const values = Array.from({ length: 6000 }, (_, index) => `value ${index}`)
  const started = performance.now()
  expect(
    scoreOf({ messages, toolCalls: Array.from({ length: 10 }, () => bergenWith({ to: values })) }),
  ).toBeLessThan(1)
  expect(performance.now() - started).toBeLessThan(5000)
})

test('any calls: a score in [0, 1], the same again, and the calls due score 1', () => {
  const call = fc.record({
    name: fc.constantFrom('trains.book', 'weather', 'x'),
    arguments: fc.dictionary(fc.constantFrom('from', 'city', 'x'), fc.jsonValue() as fc.Arbitrary<Json>),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 3 }), (toolCalls) => {
      const { tools: _, ...noTools } = TRIP
      const score = scoreOf({ toolCalls })
      expect(score >= 0 && score <= 1).toBe(true)
      expect(scoreOf({ toolCalls })).toBe(score)
      expect(
        toolArgumentCorrectness.evaluate({
          ...noTools,
          toolCalls,
          expectedToolCalls: toolCalls.map(exactly),
        }),
      ).toMatchObject({ score: 1 })
    }),
  )
})
