import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { MAX_SENTENCES } from '../limits.ts'
import { inputProblem, round } from '../source.ts'
import { factCount, factsOf, missingFacts } from '../text/facts.ts'
import { readItems } from './items.ts'
import { referenceOf } from './reference.ts'
import { type Source, type Support, claimsOf, sourceOf, supportsOf } from './support.ts'

/** A claim is supported by an item that has so much of it in one place, */
const SUPPORTED = 0.5
/** or so much and all of its numbers, dates, names and ids. */
const SUPPORTED_WITH_FACTS = 0.25

/**
 * Share of the reference answer's claims that some context item supports: `|supported claims| / |claims|`, RAGAS's context
 * recall (docs.ragas.io, "Context Recall"). A claim is a sentence of the reference, but not a question or
 * a courtesy.
 *
 * An item supports a claim when it holds all its numbers and dates, and its best window (twice the claim's length) holds
 * half of the claim's content terms by weight (0.5 + IDF over the context's sentences); a quarter is enough where it also holds all the claim's
 * names and ids, of which there must be one, or a number. Roots and families of words count as in ContextRelevance.
 * Without a reference the row is an error. Cannot see support in other words: replies in full sentences over records of
 * bare fields are recalled too low, evenly for all candidates.
 */
export const contextRecall: Evaluator = {
  name: 'ContextRecall',
  version: '1',
  engine: 'rule',
  summary: 'The context has everything that the good answer says.',
  inputs: ['context', 'reference', 'expected'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const reference = referenceOf(input)
    if ('error' in reference) return reference
    const all = claimsOf(reference.text)
    const claims = all.slice(0, MAX_SENTENCES)
    if (reference.text.trim() === '')
      return { error: 'no reference: give reference or expected.reply to hold the context against' }
    if (claims.length === 0) return { error: 'the reference makes no claim' }
    const { items, truncated } = readItems(input.context)
    const sources = items.map(sourceOf)
    const verdicts = supportsOf(claims, sources).map((support) => verdictOf(support, sources))
    const supported = verdicts.filter(({ by }) => by !== undefined)
    const missing = verdicts.find(({ by }) => by === undefined)
    return {
      score: round(supported.length / verdicts.length),
      reason: reasonOf(supported.length, verdicts.length, missing?.claim.slice(0, 120)),
      evidence: {
        claims: verdicts.slice(0, 20).map(({ claim, by, coverage }) => ({
          text: claim.slice(0, 200),
          ...(by === undefined ? {} : { by }),
          coverage: round(coverage),
        })),
        ...(truncated || reference.truncated || all.length > claims.length ? { truncated: true } : {}),
      },
    }
  },
}

function reasonOf(supported: number, claims: number, missing: string | undefined): string {
  if (missing === undefined)
    return `${claims === 1 ? 'The one claim' : `Each of the ${claims} claims`} of the good answer is supported.`
  if (claims === 1) return `The one claim of the good answer is not supported: "${missing}".`
  return `${supported} of ${claims} claims of the good answer are supported; not "${missing}".`
}

interface Verdict {
  claim: string
  /** The first item that supports the claim; absent when none does. */
  by?: number
  /** By the item that covers it best; 0 when none comes near. */
  coverage: number
}

function verdictOf(support: Support, sources: readonly Source[]): Verdict {
  const { claim } = support
  const facts = factsOf(claim.text)
  const { numbers, entities } = factCount(facts)
  const verdict: Verdict = { claim: claim.text, coverage: 0 }
  sources.forEach((source, at) => {
    if (support.anywhere(at) < SUPPORTED_WITH_FACTS) return
    const coverage = support.inWindow(at)
    verdict.coverage = Math.max(verdict.coverage, coverage)
    if (verdict.by !== undefined || coverage < SUPPORTED_WITH_FACTS) return
    const missing = missingFacts(facts, source.facts)
    const factsHold = numbers + entities > 0 && missing.entities.length === 0
    if (missing.numbers.length === 0 && (coverage >= SUPPORTED || factsHold)) verdict.by = at
  })
  return verdict
}
