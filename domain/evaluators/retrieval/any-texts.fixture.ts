import fc from 'fast-check'
import type { Evaluator, EvaluatorInput } from '../evaluator.ts'

/** Words that reach the rules, so that random texts are not all junk. */
const WORDS = fc.constantFrom(
  'When', 'who', 'how much', 'is', 'the', 'refund', 'paid', 'Paris', 'John Smith', '14 days', '€49.90', '2026-11-03', 'because', '?', '.',
  '\n', "I don't know", 'died', 'death', 'order A-20318',
) // prettier-ignore

const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(WORDS, { maxLength: 30 }).map((words) => words.join(' ')),
)

/** What random texts are scored outside of [0, 1], or otherwise when scored again; undefined when none was found. */
export function brokenScore(evaluator: Evaluator): unknown {
  const input = fc
    .record({
      said: fc.array(TEXT, { maxLength: 3 }),
      context: fc.array(TEXT, { maxLength: 4 }),
      response: TEXT,
      reference: fc.option(TEXT, { nil: undefined }),
    })
    .map(({ said, reference, ...rest }): EvaluatorInput => ({
      ...rest,
      messages: said.map((content) => ({ role: 'user' as const, content })),
      ...(reference === undefined ? {} : { reference }),
    }))
  const run = fc.check(
    fc.property(input, (given) => {
      const result = evaluator.evaluate(given)
      const sound = 'error' in result ? result.error !== '' : result.score >= 0 && result.score <= 1
      return sound && JSON.stringify(evaluator.evaluate(given)) === JSON.stringify(result)
    }),
  )
  return run.failed ? (run.counterexample ?? run.errorInstance) : undefined
}

/** A megabyte of each kind that a rule could stumble over. */
export const HUGE_TEXTS = {
  'one word': 'a'.repeat(1_000_000),
  'the same word': 'refund '.repeat(150_000),
  numbers: Array.from({ length: 150_000 }, (_, at) => at).join(' '),
  dates: '3/11/2026 '.repeat(100_000),
  questions: 'When is what? '.repeat(75_000),
  names: 'Abel Bacon '.repeat(90_000),
}

/** Fields of other types are errors, not exceptions. */
export const WRONG_INPUTS = [
  null,
  {},
  { messages: [{ role: 'user', content: 'hi' }], context: 'text', response: '' },
  { messages: [{ role: 'user', content: 'hi' }], context: [1], response: '' },
  { messages: [{ role: 'user' }], context: ['text'], response: '' },
  { messages: [], context: ['text'], response: 1 },
] as unknown as EvaluatorInput[]
