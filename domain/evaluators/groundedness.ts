import { readAnswer } from './answer.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from './evaluator.ts'
import { MAX_SENTENCES } from './limits.ts'
import { type ReadText, customerTexts, inputProblem, readTexts, round } from './source.ts'
import { copyRate } from './text/copy.ts'
import { factBase, factCount, factsOf, missingFacts, valueTokens } from './text/facts.ts'
import { type Idf, idfOf, weightedCoverage } from './text/idf.ts'
import { bigrams, coverage } from './text/ngrams.ts'
import { sentences } from './text/sentences.ts'
import { contentStems, tokenise } from './text/stems.ts'
import { type Positions, bestWindow, longestCommonSubsequence, positionsOf } from './text/window.ts'

/** How much of the score a fully unsupported set of numbers, or of names, takes away. */
const NUMBER_PENALTY = 0.3
const ENTITY_PENALTY = 0.3
/** The best window is so many times as long as the sentence that is looked for in it. */
const WINDOW_FACTOR = 2
/** Longer sentences are compared by their first stems: the comparison costs length × window. */
const MAX_LCS_STEMS = 200

/**
 * How far the answer's claims are supported by the context and, for names and values, by what the customer said.
 *
 * `score = mean(C, I, B, L, S) − 0.3·N − 0.3·E`, cut to [0, 1]:
 * C share of the answer's distinct content stems that the context has; I the same weighted by IDF over the context's
 * sentences; B share of its bigrams of content stems; L longest common subsequence of each sentence with its best window
 * of the context, over the sentence's length (ROUGE-L precision, C.-Y. Lin 2004), mean over sentences; S mean over
 * sentences of the IDF-weighted coverage by that sentence's best window; N, E share of the answer's numbers and dates,
 * and of its names and ids, that neither context nor customer mentions.
 * Overlap rewards copying: read the score beside `copyRate`, and compare candidates on the same rows.
 */
export const groundedness: Evaluator = {
  name: 'Groundedness',
  version: '1',
  engine: 'rule',
  summary: 'Every claim of the answer is supported by the context.',
  inputs: ['response', 'context', 'messages'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const context = readTexts(input.context)
    if (context.read.length === 0)
      return { error: 'context is empty: there is nothing to hold the answer against' }
    const answer = readAnswer(input.response)
    if (answer.text.trim() === '') return { score: 0, reason: 'The answer is empty.' }
    const customer = readTexts(customerTexts(input))
    return judge(
      answer.text,
      context.read,
      customer.read,
      answer.truncated || context.truncated || customer.truncated,
    )
  },
}

interface SentenceSupport {
  text: string
  /** IDF-weighted coverage by the best window. */
  coverage: number
  /** ROUGE-L precision against the best window. */
  rougeL: number
  missing: string[]
}

function judge(
  answer: string,
  context: readonly ReadText[],
  customer: readonly ReadText[],
  truncated: boolean,
): Evaluated {
  const tokens = tokenise(answer)
  const stems = contentStems(tokens)
  if (stems.length === 0)
    return { score: 1, reason: 'The answer makes no claim.', evidence: { sentences: [] } }

  const contextStems = context.flatMap((item) => contentStems(valueTokens(item.text, item.tokens)))
  const positions = positionsOf(contextStems)
  const idf = idfOf(
    context.flatMap((item) => sentences(item.text)).map((sentence) => contentStems(valueTokens(sentence))),
  )
  const contentCoverage = coverage(new Set(stems), new Set(contextStems))
  const idfCoverage = weightedCoverage(stems, (stem) => positions.has(stem), idf)
  const bigramPrecision = coverage(bigrams(stems), new Set(bigrams(contextStems)), contentCoverage)

  const supports = sentences(answer)
    .slice(0, MAX_SENTENCES)
    .map((sentence) => supportOf(sentence, contextStems, positions, idf))
    .filter((support) => support !== undefined)
  const rougeL = mean(supports.map((support) => support.rougeL))
  const sentenceCoverage = mean(supports.map((support) => support.coverage))

  const facts = factsOf(answer, tokens)
  const count = factCount(facts)
  const missing = missingFacts(facts, factBase([...context, ...customer]))
  const penalty =
    NUMBER_PENALTY * share(missing.numbers.length, count.numbers) +
    ENTITY_PENALTY * share(missing.entities.length, count.entities)
  const overlap = mean([contentCoverage, idfCoverage, bigramPrecision, rougeL, sentenceCoverage])
  return {
    score: round(Math.min(1, Math.max(0, overlap - penalty))),
    reason: reasonOf(supports, missing),
    evidence: {
      contentCoverage: round(contentCoverage),
      idfCoverage: round(idfCoverage),
      bigramPrecision: round(bigramPrecision),
      rougeL: round(rougeL),
      sentenceCoverage: round(sentenceCoverage),
      missingNumbers: missing.numbers.slice(0, 20),
      missingEntities: missing.entities.slice(0, 20),
      copyRate: round(
        copyRate(
          answer,
          context.map((item) => item.text),
        ),
      ),
      sentences: supports.slice(0, 20).map(({ text, coverage, missing }) => ({
        text: text.slice(0, 200),
        coverage: round(coverage),
        missing,
      })),
      ...(truncated ? { truncated } : {}),
    },
  }
}

/** How one sentence is supported by its best window; undefined for a sentence without content. */
function supportOf(
  sentence: string,
  contextStems: readonly string[],
  positions: Positions,
  idf: Idf,
): SentenceSupport | undefined {
  const stems = contentStems(valueTokens(sentence))
  if (stems.length === 0) return undefined
  const width = Math.max(8, stems.length * WINDOW_FACTOR)
  const window = bestWindow(stems, positions, width, (stem) => idf.weight(stem))
  const inWindow = window ? contextStems.slice(Math.max(0, window.from - 2), window.to + 2) : []
  const present = new Set(inWindow)
  const compared = stems.slice(0, MAX_LCS_STEMS)
  return {
    text: sentence,
    coverage: weightedCoverage(stems, (stem) => present.has(stem), idf),
    rougeL: longestCommonSubsequence(compared, inWindow) / compared.length,
    missing: [...new Set(stems)].filter((stem) => !positions.has(stem)).slice(0, 10),
  }
}

function reasonOf(
  supports: readonly SentenceSupport[],
  missing: { numbers: string[]; entities: string[] },
): string {
  const lacking = [...missing.numbers, ...missing.entities].slice(0, 5)
  if (lacking.length > 0) return `The context does not mention ${lacking.join(', ')}.`
  const worst = supports.reduce<SentenceSupport | undefined>(
    (low, one) => (low && low.coverage <= one.coverage ? low : one),
    undefined,
  )
  if (!worst || worst.coverage >= 0.8) return 'Every sentence is covered by the context.'
  return `Least supported: "${worst.text.slice(0, 120)}" (${Math.round(worst.coverage * 100)}% of its terms by weight).`
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
