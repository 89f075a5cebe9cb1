import { describe, expect, test } from 'vitest'
import type { EvaluatorInput } from '../evaluator.ts'
import { ORDER } from '../samples.fixture.ts'
import { scoreOf } from '../text-match/compared.fixture.ts'
import { expressionRule } from './expression.ts'

const Params = expressionRule.params!
const INPUT: EvaluatorInput = {
  ...ORDER,
  latencyMs: 1200,
  costUsd: 0.002,
  toolCalls: [{ name: 'lookup_order', arguments: { id: 'A-20318', count: 2 } }],
}

function evaluate(expression: string, input = INPUT) {
  return expressionRule.evaluate(input, Params.parse({ expression }))
}

function refusal(expression: string): string | undefined {
  return Params.safeParse({ expression }).error?.issues[0]?.message
}

describe('Expression@1', () => {
  test.each([
    ['reply.size() < 400 && latencyMs < 3000', 1],
    ['reply.contains("14 days")', 0],
    ['reply.matches("\\\\b[A-Z]-\\\\d{5}\\\\b")', 1],
    ['responseJson.action == expected.action', 1],
    ['context.exists(c, c.contains("A-20318")) && !context.all(c, c.contains("A-20318"))', 1],
    ['messages.filter(m, m.role == "user").size() == 2', 1],
    ['messages.map(m, m.content.size()).exists(n, n > 20)', 1],
    ['context.all(c, (c == "") || (c != ""))', 1],
    ['context.exists(c, c != "" // not empty\n)', 1],
    ['"https://a.example" != reply && ((reply)).matches(  "Nord" )', 1],
    ['toolCalls.size() == 1 && toolCalls[0].name == "lookup_order" && toolCalls[0].arguments.count > 1', 1],
    ['has(responseJson.reply) && !has(responseJson.toString)', 1],
    ['costUsd <= 0.001 ? 1.0 : 0.25', 0.25],
    ['reference == "" ? 0 : 1', 1],
  ])('golden scores: %s', (expression, score) => {
    const input = { ...INPUT, reference: ORDER.expected?.reply ?? '' }
    expect(scoreOf(evaluate(expression, input))).toBe(score)
  })

  test.each([
    ['repl == ""', 'the expression is not valid: Unknown variable: repl'],
    ['reply ==', 'the expression is not valid: Unexpected token: EOF'],
    ['reply + 3 == ""', 'the expression is not valid: no such overload: string + int'],
    ['reply', 'the expression gives a string, not a bool or a number'],
    ['reply.matches(reply)', 'the expression calls matches with a pattern that is no literal text'],
    ['reply.matches("(a")', /^the expression has a pattern that is not valid in RE2's syntax/],
    ['reply.matches( // x\n "a")', 'the expression has a comment inside a call of matches'],
    ['cel.bind(x, reply, x == x)', /^the expression calls bind, which is none of/],
    ['nextRound()', /^the expression calls nextRound, which is none of/],
    ['[reply].join("") == ""', /^the expression calls join/],
    ['context.map(c, c != "", c).size() == 1', /^the expression calls map with 3 arguments/],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, /maxDepth/],
  ])('a suite with %s is refused', (expression, message) => {
    expect(refusal(expression)).toMatch(message)
  })

  test('a row that the expression cannot judge is an error', () => {
    const { latencyMs: _, ...unknown } = INPUT
    expect(evaluate('latencyMs < 3000', unknown)).toEqual({ error: 'latencyMs is not known for this row' })
    expect(evaluate('responseJson.price > 3')).toEqual({ error: 'the expression failed: No such key: price' })
    expect(evaluate('responseJson == null', { ...INPUT, response: 'plain' })).toMatchObject({ score: 1 })
    expect(evaluate('reply.size()')).toMatchObject({
      error: expect.stringMatching(/which is not from 0 to 1/),
    })
    expect(evaluate('responseJson.constructor == 1')).toHaveProperty('error')
    expect(evaluate('response.contains("x")', { ...INPUT, response: 'x'.repeat(1_000_000) })).toEqual({
      error: 'what the expression names is longer than 200000 characters',
    })
  })

  test('lists inside lists end, even where errors are swallowed', () => {
    const nest = (depth: number, macro: string): string =>
      depth === 0
        ? 'response == "never"'
        : `response.split("").${macro}(x${depth}, ${nest(depth - 1, macro)} || ${nest(depth - 1, macro)})`
    const input = { ...INPUT, response: 'ab '.repeat(5000) }
    for (const macro of ['exists', 'filter'])
      expect(
        evaluate(
          macro === 'exists'
            ? nest(3, macro)
            : 'response.split("").map(a, response.split("").map(b, response.split("").exists(c, c == "z"))).size() == 0',
          input,
        ),
      ).toEqual({
        error: 'the expression failed: the expression goes over too many items of this row',
      })
    expect(
      evaluate('reply.matches("^(\\\\w+\\\\s?)*$")', { ...INPUT, response: `${'a'.repeat(100_000)}!` }),
    ).toMatchObject({
      score: 0,
    })
  }, 10_000)
})
