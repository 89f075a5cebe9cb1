import * as z from 'zod'
import { parseJson } from '../answer.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { MAX_SOURCE_CHARS } from '../limits.ts'
import { round } from '../source.ts'
import { NO_REFERENCE, replyOf } from '../text-match/compared.ts'
import { MAX_EXPRESSION, type Values, type Variable, compileExpression } from './cel.ts'
import { messageOf } from './guard.ts'

const Params = z
  .strictObject({
    /** In the Common Expression Language: `reply.size() < 400 && latencyMs < 3000`. */
    expression: z.string().min(1).max(MAX_EXPRESSION),
  })
  .superRefine(({ expression }, context) => {
    const compiled = compileExpression(expression)
    if ('problem' in compiled)
      context.addIssue({
        code: 'custom',
        path: ['expression'],
        message: `the expression ${compiled.problem}`,
      })
  })

/**
 * A rule of one's own, in the Common Expression Language (https://cel.dev): true is 1, false is 0, a number from 0 to 1
 * is the score, anything else an error.
 *
 * Names: `response` (as it came), `reply` (an agent's reply, else the response), `responseJson` (null when it is no
 * JSON), `context`, `messages` (`role`, `content`), `expected` (`intent`, `action`, `reply`), `reference`, `latencyMs`,
 * `costUsd`, `toolCalls` (`name`, `arguments`). A row without a field that the expression names is an error.
 */
export const expressionRule: Evaluator<z.infer<typeof Params>> = {
  name: 'Expression',
  version: '1',
  engine: 'rule',
  summary: "The answer satisfies the suite's own rule.",
  inputs: ['response', 'context', 'messages', 'expected', 'reference', 'latencyMs', 'costUsd', 'toolCalls'],
  params: Params,
  evaluate(input, { expression }) {
    const compiled = compileExpression(expression)
    if ('problem' in compiled) return { error: `the expression ${compiled.problem}` }
    try {
      const values: Values = {}
      let chars = 0
      for (const name of compiled.variables) {
        const value = FIELDS[name](input ?? {})
        if (value === undefined) return { error: MISSING[name] ?? `${name} is missing` }
        chars += typeof value === 'object' ? JSON.stringify(value).length : String(value).length
        values[name] = value
      }
      if (chars > MAX_SOURCE_CHARS)
        return { error: `what the expression names is longer than ${MAX_SOURCE_CHARS} characters` }
      return scoreOf(compiled.evaluate(values, chars))
    } catch (cause) {
      return { error: `the expression failed: ${messageOf(cause)}` }
    }
  },
}

const FIELDS: Record<Variable, (input: EvaluatorInput) => unknown> = {
  response: ({ response }) => textOrNothing(response),
  reply: ({ response }) => (typeof response === 'string' ? replyOf(response) : undefined),
  responseJson: ({ response }) => {
    if (typeof response !== 'string') return undefined
    const parsed = parseJson(response)
    return 'value' in parsed ? parsed.value : null
  },
  context: ({ context }) => listOrNothing(context),
  messages: ({ messages }) => listOrNothing(messages),
  expected: ({ expected }) => expected,
  reference: ({ reference, expected }) => textOrNothing(reference) ?? expected?.reply,
  latencyMs: ({ latencyMs }) => latencyMs,
  costUsd: ({ costUsd }) => costUsd,
  toolCalls: ({ toolCalls }) => listOrNothing(toolCalls),
}

const MISSING: Partial<Record<Variable, string>> = {
  expected: NO_REFERENCE,
  reference: NO_REFERENCE,
  latencyMs: 'latencyMs is not known for this row',
  costUsd: 'costUsd is not known for this row',
  toolCalls: 'toolCalls are not known for this row',
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function listOrNothing(value: unknown): unknown {
  return Array.isArray(value) ? value : undefined
}

function scoreOf(result: unknown): Evaluated {
  if (typeof result === 'boolean')
    return { score: result ? 1 : 0, reason: result ? 'The rule holds.' : 'The rule does not hold.' }
  const number = typeof result === 'bigint' ? Number(result) : result
  if (typeof number !== 'number') return { error: 'the expression gives neither a bool nor a number' }
  if (!(number >= 0 && number <= 1))
    return { error: `the expression gives ${number}, which is not from 0 to 1` }
  return { score: round(number), reason: `The rule gives ${round(number)}.` }
}
