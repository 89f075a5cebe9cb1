import { distance } from 'fastest-levenshtein'
import * as z from 'zod'
import type { Evaluator } from '../evaluator.ts'
import { round } from '../source.ts'
import { Path, cutText, withReference } from './compared.ts'
import { Normalisation, normalise } from './normalise.ts'

const Params = z.strictObject({ ...Normalisation, path: Path })

/**
 * How alike the answer and the good answer are, letter by letter.
 *
 * `score = 1 − d / max(|answer|, |reference|)`, d the Levenshtein distance in UTF-16 units (V. Levenshtein 1966;
 * `fastest-levenshtein`, G. Myers' bit-parallel algorithm 1999); two empty texts are the same. Reads the first
 * MAX_ANSWER_CHARS of each. A right answer in other words scores low: for those there are ROUGE and Groundedness.
 */
export const fuzzyMatch: Evaluator<z.infer<typeof Params>> = {
  name: 'FuzzyMatch',
  version: '1',
  engine: 'rule',
  summary: 'The answer is nearly the good answer, letter by letter.',
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    return withReference(input, params.path, (answer, reference) => {
      const [given, good] = [cutText(normalise(answer, params)), cutText(normalise(reference, params))]
      const longest = Math.max(given.text.length, good.text.length)
      const edits = distance(given.text, good.text)
      return {
        score: round(longest === 0 ? 1 : 1 - edits / longest),
        reason: `${edits} of ${longest} characters would have to change.`,
        evidence: {
          edits,
          longest,
          ...(given.truncated || good.truncated ? { truncated: true } : {}),
        },
      }
    })
  },
}
