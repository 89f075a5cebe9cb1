import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactly } from '../../dataset/tool-call.ts'
import type { Json } from '../../json.ts'
import type { EvaluatorInput } from '../evaluator.ts'
import { DUE, TRIP } from './samples.fixture.ts'
import { toolSelectionAccuracy } from './tool-selection-accuracy.ts'

const evaluate = (change: Partial<EvaluatorInput>, strict = false) =>
  toolSelectionAccuracy.evaluate({ ...TRIP, ...change }, { strict })

function scoreOf(change: Partial<EvaluatorInput>, strict = false): number {
  const result = evaluate(change, strict)
  if ('error' in result) throw new Error(result.error)
  return result.score
}

const [voss, bergen] = TRIP.toolCalls!
const weather = { name: 'weather', arguments: { city: 'Bergen' } }
const withDue = { expectedToolCalls: DUE! }

test('golden scores: a change here needs a new version', () => {
  expect({
    right: scoreOf(withDue),
    oneOfTwo: scoreOf({ ...withDue, toolCalls: [voss!] }),
    oneTooMany: scoreOf({ ...withDue, toolCalls: [voss!, bergen!, weather] }),
    otherTool: scoreOf({ ...withDue, toolCalls: [voss!, weather] }),
    leftOut: scoreOf({ ...withDue, toolCalls: [] }),
    notDue: scoreOf({ expectedToolCalls: [] }),
    rightlyNone: scoreOf({ expectedToolCalls: [], toolCalls: [] }),
    wrongValue: scoreOf({ ...withDue, toolCalls: [voss!, { ...bergen!, arguments: { from: 'Rome' } }] }),
    weak: scoreOf({}),
    weakOtherTool: scoreOf({ toolCalls: [weather] }),
    weakWrongValue: scoreOf({ toolCalls: [{ ...voss!, arguments: { ...voss!.arguments, to: 'Lagos' } }] }),
    weakMissing: scoreOf({ toolCalls: [{ ...voss!, arguments: { from: 'Bergen', to: 'Voss' } }] }),
    weakNone: scoreOf({ toolCalls: [] }),
  }).toMatchInlineSnapshot(`
    {
      "leftOut": 0,
      "notDue": 0,
      "oneOfTwo": 0.6667,
      "oneTooMany": 0.8,
      "otherTool": 0.5,
      "right": 1,
      "rightlyNone": 1,
      "weak": 1,
      "weakMissing": 0.1667,
      "weakNone": 0,
      "weakOtherTool": 0,
      "weakWrongValue": 0.3333,
      "wrongValue": 1,
    }
  `)
})

describe('with the calls that are due', () => {
  test('strict counts a call only when its arguments are right', () => {
    expect(scoreOf(withDue, true)).toBe(1)
    const wrong = { ...bergen!, arguments: { ...bergen!.arguments, people: 3 } }
    expect(evaluate({ ...withDue, toolCalls: [voss!, wrong] }, true)).toMatchObject({
      score: 0.5,
      reason: 'Not made: trains.book. Not due so: trains_book.',
    })
  })

  test('strict finds the pairing in which most calls are right, in any order', () => {
    const due = [
      { name: 'f', arguments: { x: [1, 2] }, optional: [] },
      { name: 'f', arguments: { x: [1] }, optional: [] },
    ]
    const calls = [
      { name: 'f', arguments: { x: 1 } },
      { name: 'f', arguments: { x: 2 } },
    ]
    expect(scoreOf({ expectedToolCalls: due, toolCalls: calls }, true)).toBe(1)
    expect(scoreOf({ expectedToolCalls: due, toolCalls: calls.toReversed() }, true)).toBe(1)
  })

  test('calls are read from the response where none are given', () => {
    const { toolCalls, ...rest } = TRIP
    const written = { ...rest, ...withDue, response: JSON.stringify({ tool_calls: toolCalls }) }
    expect(toolSelectionAccuracy.evaluate(written, { strict: true })).toMatchObject({ score: 1 })
    expect(
      toolSelectionAccuracy.evaluate({ ...written, response: 'Done!' }, { strict: false }),
    ).toMatchObject({
      score: 0,
    })
  })

  test('any order scores the same, the calls themselves score 1, and 1 means all right', () => {
    const call = fc.record({
      name: fc.constantFrom('a', 'b'),
      arguments: fc.dictionary(
        fc.constantFrom('x', 'y'),
        fc.integer({ min: 0, max: 2 }) as fc.Arbitrary<Json>,
      ),
    })
    const calls = fc.array(call, { maxLength: 5 })
    fc.assert(
      fc.property(calls, calls, fc.boolean(), (made, due, strict) => {
        const expectedToolCalls = due.map(exactly)
        const score = scoreOf({ toolCalls: made, expectedToolCalls }, strict)
        expect(score >= 0 && score <= 1).toBe(true)
        expect(
          scoreOf(
            { toolCalls: made.toReversed(), expectedToolCalls: expectedToolCalls.toReversed() },
            strict,
          ),
        ).toBe(score)
        expect(scoreOf({ toolCalls: due.toReversed(), expectedToolCalls }, strict)).toBe(1)
        if (score === 1)
          expect(made.map(({ name }) => name).toSorted()).toEqual(due.map(({ name }) => name).toSorted())
      }),
    )
  })
})

describe('without', () => {
  test('is weak, and names what speaks against the worst call', () => {
    expect(evaluate({})).toMatchObject({ weak: true })
    expect(
      evaluate({
        toolCalls: [{ name: 'trains.book', arguments: { from: 'Lagos', to: 'Voss', when: 'now' } }],
      }),
    ).toMatchObject({
      reason:
        'trains.book lacks date, has no argument when, has a value that nobody mentioned in from, when.',
    })
    expect(evaluate({ toolCalls: [{ name: 'drop_tables', arguments: {} }] })).toMatchObject({
      score: 0,
      reason: 'drop_tables was not offered.',
    })
  })

  test('a short answer leans on what was asked before it', () => {
    const messages = [
      ...TRIP.messages,
      { role: 'assistant' as const, content: 'First or second class?' },
      { role: 'user' as const, content: 'Second' },
    ]
    expect(scoreOf({ messages })).toBeGreaterThan(0.5)
  })
})

test('bad input is an error value', () => {
  const { tools: _, ...noTools } = TRIP
  expect(toolSelectionAccuracy.evaluate(noTools, { strict: false })).toEqual({
    error: 'neither expectedToolCalls nor tools is known: there is nothing to hold the calls against',
  })
  const many = Array.from({ length: 101 }, () => weather)
  expect(evaluate({ toolCalls: many })).toEqual({ error: 'more than 100 calls' })
  // @ts-expect-error: rows from outside may hold other types
  expect(evaluate({ toolCalls: [{ name: 'f', arguments: '{}' }] })).toEqual({
    error: 'toolCalls is no list of {name, arguments}',
  })
  // @ts-expect-error: rows from outside may hold other types
  expect(evaluate({ expectedToolCalls: [{ name: 'f', arguments: { x: 1 } }] })).toEqual({
    error: 'expectedToolCalls is no list of {name, arguments}, each argument a list of accepted values',
  })
  let deep: Json = 1
  for (let level = 0; level < 5000; level++) deep = [deep]
  expect(evaluate({ toolCalls: [{ name: 'weather', arguments: { city: deep } }] })).toEqual({
    error: 'the arguments of weather are nested deeper than 100 levels',
  })
})

test('any calls: a score in [0, 1], and the same again', () => {
  const call = fc.record({
    name: fc.constantFrom('trains.book', 'weather', 'x'),
    arguments: fc.dictionary(fc.constantFrom('from', 'city', 'x'), fc.jsonValue() as fc.Arbitrary<Json>),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 3 }), (toolCalls) => {
      const score = scoreOf({ toolCalls })
      expect(score >= 0 && score <= 1).toBe(true)
      expect(scoreOf({ toolCalls })).toBe(score)
    }),
  )
})
