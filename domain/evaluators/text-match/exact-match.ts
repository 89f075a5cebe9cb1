import * as z from 'zod'
import type { Evaluator } from '../evaluator.ts'
import { Path, withReference } from './compared.ts'
import { Normalisation, normalise, normaliseSquad } from './normalise.ts'

const Params = z.strictObject({
  ...Normalisation,
  /** `squad` compares as the SQuAD benchmark does, whatever the other settings are. */
  normalisation: z.enum(['none', 'squad']).default('none'),
  path: Path,
})

/**
 * 1 when the answer is the good answer, else 0; both in the form that the parameters ask for.
 * With `normalisation: 'squad'` it is the exact match of SQuAD (P. Rajpurkar et al. 2016).
 */
export const exactMatch: Evaluator<z.infer<typeof Params>> = {
  name: 'ExactMatch',
  version: '1',
  engine: 'rule',
  summary: 'The answer is the good answer, to the letter.',
  inputs: ['response', 'reference', 'expected'],
  params: Params,
  evaluate(input, params) {
    const form = (text: string) =>
      params.normalisation === 'squad' ? normaliseSquad(text) : normalise(text, params)
    return withReference(input, params.path, (answer, reference) => {
      const [given, good] = [form(answer), form(reference)]
      if (given === good) return { score: 1, reason: 'The same text as the good answer.' }
      const at = firstDifference(given, good)
      return {
        score: 0,
        reason: `Differs from the good answer from character ${at + 1} on.`,
        evidence: { at, answer: given.slice(at, at + 80), reference: good.slice(at, at + 80) },
      }
    })
  },
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}
