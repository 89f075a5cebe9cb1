import * as z from 'zod'
import type { Evaluated, Evaluator } from '../evaluator.ts'
import { round } from '../source.ts'
import { Path, cutText, withReference } from './compared.ts'
import { type Quantity, difference, quantities } from './quantities.ts'

/** Binary fractions are never exact: 0.1 + 0.2 is 0.3. */
const ROUNDING = 1e-9

const Params = z.strictObject({
  /** How far off a number may be, in the unit of the good answer's number. */
  absolute: z.number().nonnegative().default(0),
  /** The same as a share of the good answer's number: 0.01 for one per cent. The larger of the two counts. */
  relative: z.number().nonnegative().max(10).default(0),
  /** Which numbers are compared: each one of the good answer, or only the first or last of both, as of a calculation. */
  compare: z.enum(['each', 'first', 'last']).default('each'),
  /** What parts off the fraction. */
  decimal: z.enum(['.', ',']).default('.'),
  path: Path,
})
type Params = z.infer<typeof Params>

/**
 * Share of the good answer's numbers that the answer states.
 *
 * A number is stated when one of the answer's numbers x has `|x − r| ≤ max(absolute, relative · |r|)`. Units are
 * converted (`90 minutes`, `1.5 hours`); a number without a unit fits any, one of another kind (30 days, 30 kg) does not.
 * Numbers in words and inside ids are not read. Reads the first MAX_ANSWER_CHARS of each.
 */
export const numericTolerance: Evaluator<Params> = {
  name: 'NumericTolerance',
  version: '1',
  engine: 'rule',
  summary: "The answer states the good answer's numbers.",
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    return withReference(input, params.path, (answer, reference) => judge(answer, reference, params))
  },
}

function judge(answer: string, reference: string, params: Params): Evaluated {
  const [given, good] = [cutText(answer), cutText(reference)]
  const due = chosen(quantities(good.text, params.decimal), params.compare)
  const stated = chosen(quantities(given.text, params.decimal), params.compare)
  if (due.length === 0) return { error: 'the good answer has no number in digits' }
  const within = (number: Quantity, target: Quantity) =>
    difference(number, target) <=
    Math.max(params.absolute, params.relative * Math.abs(target.value)) +
      ROUNDING * Math.max(1, Math.abs(target.value))
  const missing = due.filter((target) => !stated.some((number) => within(number, target)))
  const names = missing.slice(0, 5).map(({ text }) => text)
  return {
    score: round(1 - missing.length / due.length),
    reason:
      missing.length === 0
        ? `The answer states ${due.length === 1 ? `${due[0]?.text}` : `all ${due.length} numbers`}.`
        : `The answer does not state ${names.join(', ')}${missing.length > names.length ? ` and ${missing.length - names.length} more` : ''}.`,
    evidence: {
      due: due.slice(0, 20).map(({ text }) => text),
      stated: stated.slice(0, 20).map(({ text }) => text),
      missing: missing.slice(0, 20).map(({ text }) => text),
      ...(given.truncated || good.truncated ? { truncated: true } : {}),
    },
  }
}

function chosen(numbers: Quantity[], compare: Params['compare']): Quantity[] {
  if (compare === 'each') return numbers
  return numbers.slice(...(compare === 'first' ? [0, 1] : [-1]))
}
