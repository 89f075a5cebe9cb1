import { Environment } from '@marcbachmann/cel-js'
import { linearRegex } from '../text-match/linear-regex.ts'
import { guard, messageOf } from './guard.ts'

/** Longest expression. */
export const MAX_EXPRESSION = 2000
/** Rounds that the macros of one evaluation may take together, and rounds times characters of the row. */
const MAX_ROUNDS = 20_000
const MAX_ROUND_CHARS = 40_000_000

/** What an expression may name, with CEL's types. */
const VARIABLES = {
  response: 'string',
  reply: 'string',
  responseJson: 'dyn',
  context: 'list<string>',
  messages: 'list<map<string, string>>',
  expected: 'map<string, string>',
  reference: 'string',
  latencyMs: 'double',
  costUsd: 'double',
  toolCalls: 'list<dyn>',
} as const
export type Variable = keyof typeof VARIABLES
export type Values = Partial<Record<Variable, unknown>>

/** An expression that was compiled, or why it can't be used. */
export type Compiled =
  | { variables: Variable[]; evaluate: (values: Values, chars: number) => unknown }
  | { problem: string }

/** Expressions come from suites, of which few are used at once: the last ones compiled are kept. */
const KEPT = 50
const compiled = new Map<string, Compiled>()

/**
 * Compiles an expression of the Common Expression Language (https://cel.dev, `@marcbachmann/cel-js`): no loops but the
 * macros over lists, no assignments, no effects. Types are checked; `matches` takes a literal pattern and runs in linear
 * time; macros count their rounds.
 */
export function compileExpression(expression: string): Compiled {
  const known = compiled.get(expression)
  if (known) return known
  const result = compile(expression)
  if (compiled.size >= KEPT) compiled.clear()
  compiled.set(expression, result)
  return result
}

class TooManyRounds extends Error {
  override readonly name = 'TooManyRounds'
}
const TOO_MANY_ROUNDS = new TooManyRounds('the expression goes over too many items of this row')

/** Rounds left of the evaluation under way. Evaluations are synchronous: there is never more than one. */
let roundsLeft = 0

function countRound(): true {
  if (--roundsLeft < 0) throw TOO_MANY_ROUNDS
  return true
}

const environment = Object.entries(VARIABLES).reduce(
  (built, [name, type]) => built.registerVariable(name, type),
  new Environment({ limits: { maxAstNodes: 500, maxDepth: 40 } })
    .registerFunction('nextRound(): bool', countRound)
    .registerFunction('inRound(dyn): dyn', (value: unknown) => countRound() && value)
    .registerFunction('string.matchesLinear(string): bool', (text: string, pattern: string) => {
      const regex = linearRegex(pattern)
      if ('problem' in regex) throw new Error(`the pattern ${regex.problem}`)
      if (text.length > regex.maxChars) throw new Error('a text is too long for its pattern')
      return regex.test(text)
    }),
)

function compile(expression: string): Compiled {
  if (expression.length > MAX_EXPRESSION) return { problem: `is longer than ${MAX_EXPRESSION} characters` }
  try {
    const parsed = environment.parse(expression)
    const guarded = guard(parsed.ast, expression)
    if ('problem' in guarded) return guarded
    const { valid, type, error } = parsed.check()
    if (!valid) return { problem: `is not valid: ${error ? messageOf(error) : 'its types do not fit'}` }
    if (!RESULTS.has(type ?? 'dyn')) return { problem: `gives a ${type}, not a bool or a number` }
    const run = environment.parse(guarded.source)
    const variables = guarded.names.filter((name): name is Variable => Object.hasOwn(VARIABLES, name))
    return { variables, evaluate: (values, chars) => evaluate(run, values, chars) }
  } catch (cause) {
    return { problem: `is not valid: ${messageOf(cause)}` }
  }
}

/** Types that a score can be made of; what `dyn` is turns out when a row is there. */
const RESULTS: ReadonlySet<string> = new Set(['bool', 'int', 'uint', 'double', 'dyn'])

function evaluate(run: (values: Values) => unknown, values: Values, chars: number): unknown {
  roundsLeft = Math.min(MAX_ROUNDS, Math.floor(MAX_ROUND_CHARS / Math.max(1, chars)))
  const result = run(values)
  // `exists` and `all` swallow errors, this one too: no result counts then.
  if (roundsLeft < 0) throw TOO_MANY_ROUNDS
  return result
}
