import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { EvaluatorInput } from './evaluator.ts'
import { EVALUATORS } from './registry.ts'
import { ORDER } from './samples.fixture.ts'

/** Parameters of evaluators that have some without a default. */
const PARAMS: Record<string, unknown> = {
  RegexMatch: { pattern: '(a+)+$' },
  LengthLimit: { max: 10 },
  LatencyLimit: { maxMs: 100 },
  CostLimit: { maxUsd: 1 },
  Expression: { expression: 'reply.size() < 400' },
}

const FULL: EvaluatorInput = {
  ...ORDER,
  reference: 'Order A-20318 (49.90 EUR) is in transit.',
  schema: { type: 'object', required: ['reply'] },
  tools: [{ name: 'get_order', parameters: { type: 'object', properties: { id: { type: 'string' } } } }],
  toolCalls: [{ name: 'get_order', arguments: { id: 'A-20318' } }],
  expectedToolCalls: [{ name: 'get_order', arguments: { id: ['A-20318'] }, optional: [] }],
  latencyMs: 100,
  costUsd: 0.001,
}

const OTHER_TYPES = [
  null,
  5,
  true,
  'text',
  [],
  {},
  [null],
  [[['x']]],
  [{}],
  { name: 5 },
  Infinity,
  [{ name: 'a', arguments: 1 }],
]

/** Long names and words of many kinds, up to the size where every limit bites. */
const LONG_TEXTS = {
  names: 'Abel Bacon Cyril ',
  'one long word': 'Aa',
  numbers: '1,249.00 ',
  dates: '3/11/2026 10:30 ',
  times: '10:30 am ',
  brackets: '[{',
  surrogates: '\ud800',
  'combining marks': 'e\u0301\u0301',
  'right to left': 'שלום עולם. ',
  ideographs: '退款将在十四天内支付。',
  'nothing but marks': '...!?',
  ligatures: 'ﷺ',
}

function evaluateAll(input: unknown): [string, unknown][] {
  return EVALUATORS.map((evaluator) => [
    evaluator.name,
    evaluator.evaluate(input as EvaluatorInput, evaluator.params?.parse(PARAMS[evaluator.name] ?? {})),
  ])
}

/** What is wrong with results, whatever the input was. */
function problemsOf(input: unknown): string[] {
  return evaluateAll(input).flatMap(([name, result]) => {
    const json = JSON.stringify(result)
    const {
      score = 0,
      reason = 'none',
      error,
    } = result as Partial<Record<string, string>> & { score?: number }
    const problems = [
      isDeepStrictEqual(JSON.parse(json), result) ? [] : ['is not JSON'],
      error === '' ? ['has an error without words'] : [],
      score >= 0 && score <= 1 ? [] : [`scores ${score}`],
      reason.length < 400 ? [] : [`has a reason of ${reason.length} characters`],
      new TextEncoder().encode(json).length < 20_000 ? [] : [`takes ${json.length} characters`],
    ]
    return problems.flat().map((problem) => `${name} ${problem}`)
  })
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}

describe('every rule evaluator', () => {
  test('leaves its input as it is and says the same again, other rows between', () => {
    const input = deepFreeze(structuredClone(FULL))
    const first = evaluateAll(input)
    expect(problemsOf(input)).toEqual([])
    evaluateAll({ ...FULL, response: 'Another answer.', context: ['Another context.'] })
    expect(evaluateAll(input)).toEqual(first)
  })

  test.each(Object.keys(FULL))('takes %s of any type, and none', (field) => {
    expect(OTHER_TYPES.flatMap((value) => problemsOf({ ...FULL, [field]: value }))).toEqual([])
    const { [field as keyof EvaluatorInput]: _, ...rest } = FULL
    expect(problemsOf(rest)).toEqual([])
    expect([null, 5, 'text', []].flatMap((value) => problemsOf(value))).toEqual([])
  })

  test('keeps its result short for long names of properties, many actions and large schemas', () => {
    const response = JSON.stringify({
      ['k'.repeat(100_000)]: 1,
      action: Array(5000).fill('act'),
      reply: 'Done.',
    })
    const strict = {
      additionalProperties: false,
      required: Array.from({ length: 999 }, (_, at) => `field ${at}`),
    }
    expect(problemsOf({ ...FULL, response, schema: strict })).toEqual([])
    const actions = Array.from({ length: 5000 }, (_, at) => `action ${at}`)
    expect(problemsOf({ ...FULL, response: JSON.stringify({ action: actions, reply: 'Done.' }) })).toEqual([])
  })

  test('compares no more calls than it has time for', () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`key ${at}`, at]))
    const input = {
      ...FULL,
      toolCalls: Array.from({ length: 100 }, () => ({ name: 'update', arguments: many })),
      expectedToolCalls: Array.from({ length: 100 }, () => ({ name: 'update', arguments: {}, optional: [] })),
    }
    const error = expect.stringContaining('too many calls')
    const results = new Map(evaluateAll(input))
    for (const name of ['TaskCompletion', 'ToolSelectionAccuracy', 'ToolArgumentCorrectness'])
      expect(results.get(name)).toEqual({ error })
  })

  test.each(Object.entries(LONG_TEXTS))('keeps its result short for %s', (_kind, piece) => {
    const long = piece.repeat(30_000 / piece.length)
    const { reference: _, expected, expectedToolCalls: _calls, ...online } = FULL
    const input = { messages: [{ role: 'user', content: long }], context: [long], response: long }
    const withReference = { reference: long, expected: { ...expected, reply: long, action: long } }
    const inputs = [
      { ...FULL, response: long },
      { ...online, ...input },
      { ...FULL, ...input, ...withReference },
    ]
    expect(inputs.flatMap(problemsOf)).toEqual([])
  })
})
