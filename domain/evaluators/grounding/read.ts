import { readAnswer } from '../answer.ts'
import type { Evaluated, EvaluatorInput } from '../evaluator.ts'
import { type ReadText, customerTexts, inputProblem, readTexts } from '../source.ts'
import { copyRate } from '../text/copy.ts'
import { differentLanguages, languageName } from '../text/language.ts'
import { sentences } from '../text/sentences.ts'
import { tokenise } from '../text/stems.ts'
import { claimsOf } from './claims.ts'
import { sourceIndex } from './source-index.ts'
import { type Support, supportOf } from './support.ts'
import { termsOf } from './terms.ts'

/** The claims of an answer beside their evidence; at least one. */
export interface Grounding {
  supports: Support[]
  copyRate: number
  /** The languages of answer and context where they differ: then words can't be compared, and the score is weak. */
  languages?: [string, string]
  truncated: boolean
}

/** HTML tags, which say nothing. */
const TAG = /<\/?[a-z][a-z0-9]{0,20}(?:\s[^<>]{0,300})?\/?>/gi
/** Answers that share less with the context are looked at for their language. */
const FEW_SHARED = 0.5

/** Reads an input, or says at once what its score is: an error, an empty answer, an answer that claims nothing. */
export function readGrounding(input: EvaluatorInput, unit: 'sentence' | 'clause'): Grounding | Evaluated {
  const problem = inputProblem(input)
  if (problem) return { error: problem }
  const context = readTexts(input.context)
  if (context.read.length === 0)
    return { error: 'context is empty: there is nothing to hold the answer against' }
  const answer = readAnswer(input.response)
  const text = answer.text.replace(TAG, (tag) => ' '.repeat(tag.length))
  if (text.trim() === '') return { score: 0, reason: 'The answer is empty.' }
  const customer = readTexts(customerTexts(input))
  const source = sourceIndex(context.read, customer.read)
  const told = toldBy(customer.read)
  const claims = claimsOf(
    text,
    (stem) => source.positions.has(stem),
    (stem) => told.has(stem),
    unit,
  )
  if (claims.length === 0)
    return {
      score: 1,
      reason: 'The answer makes no claim that the context could bear out.',
      evidence: { sentences: [] },
      weak: true,
    }
  const supports = claims.map((claim) => supportOf(claim, source))
  const languages =
    supports.reduce((sum, { parts }) => sum + parts.coverage, 0) / supports.length < FEW_SHARED
      ? differentLanguages(text, input.context.join('\n'))
      : undefined
  return {
    supports,
    ...(languages ? { languages } : {}),
    copyRate: copyRate(
      tokenise(text),
      context.read.map((item) => item.tokens),
    ),
    truncated: answer.truncated || context.truncated || customer.truncated,
  }
}

/** Stems of what the customer stated. */
function toldBy(customer: readonly ReadText[]): Set<string> {
  const statements = customer.flatMap(({ text }) => sentences(text)).filter((text) => !text.endsWith('?'))
  return new Set(statements.flatMap((text) => termsOf(text, tokenise(text)).terms.map(({ stem }) => stem)))
}

/** Says so, in place of the reason that words would give. */
export function otherLanguage([answer, context]: [string, string]): string {
  return `The answer is in ${languageName(answer)} and the context in ${languageName(context)}, so that words say little of its support.`
}
