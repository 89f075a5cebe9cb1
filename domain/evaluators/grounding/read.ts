import { readAnswer } from '../answer.ts'
import type { Evaluated, EvaluatorInput } from '../evaluator.ts'
import { customerTexts, inputProblem, readTexts } from '../source.ts'
import { copyRateOfTokens } from '../text/copy.ts'
import { tokenise } from '../text/stems.ts'
import { claimsOf } from './claims.ts'
import { sourceIndex } from './source-index.ts'
import { type Support, supportOf } from './support.ts'

/** The claims of an answer beside their evidence; at least one. */
export interface Grounding {
  supports: Support[]
  copyRate: number
  truncated: boolean
}

/** Reads an input, or says at once what its score is: an error, an empty answer, an answer that claims nothing. */
export function readGrounding(input: EvaluatorInput, unit: 'sentence' | 'clause'): Grounding | Evaluated {
  const problem = inputProblem(input)
  if (problem) return { error: problem }
  const context = readTexts(input.context)
  if (context.read.length === 0)
    return { error: 'context is empty: there is nothing to hold the answer against' }
  const answer = readAnswer(input.response)
  if (answer.text.trim() === '') return { score: 0, reason: 'The answer is empty.' }
  const customer = readTexts(customerTexts(input))
  const source = sourceIndex(context.read, customer.read)
  const claims = claimsOf(answer.text, (stem) => source.positions.has(stem), unit)
  if (claims.length === 0)
    return { score: 1, reason: 'The answer makes no claim.', evidence: { sentences: [] } }
  return {
    supports: claims.map((claim) => supportOf(claim, source)),
    copyRate: copyRateOfTokens(
      tokenise(answer.text),
      context.read.map((item) => item.tokens),
    ),
    truncated: answer.truncated || context.truncated || customer.truncated,
  }
}
