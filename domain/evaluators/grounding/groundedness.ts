import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { round } from '../source.ts'
import { type Grounding, otherLanguage, readGrounding } from './read.ts'
import { type Support, faultsOf, shownTexts, supportsEvidence } from './support.ts'

/** A shorter claim ("Enjoy!") cannot be the worst one, unless all are short. */
const MIN_WORST_TERMS = 3
/** Below this the context says little of a claim. */
const HARDLY = 0.4
/** From here on a claim without a fault needs no mention in the reason. */
const WELL_SUPPORTED = 0.8

/**
 * How far the answer's claims are supported by the context and, for names and values, by what the customer said.
 *
 * `score = (M + W)/2 / (1 + N + E + X)`, in [0, 1]: M the mean support of the claims, weighted by their number of terms;
 * W the support of the worst claim, since one unsupported claim makes an answer ungrounded; N, E the number of numbers
 * and dates, and of names and ids, that neither context nor customer mentions (a name that is half known counts half);
 * X the number of claims that contradict their evidence (negation, opposite, qualifier). Claims are the sentences apart
 * from courtesies, plain questions, introductions and remarks on what the source lacks. See `support.ts` for the support
 * of one. An answer without a claim is 1, and one in another language than the context scores low: both are marked weak.
 * Overlap rewards copying: read the score beside `copyRate`, and compare candidates on the same rows.
 */
export const groundedness: Evaluator = {
  name: 'Groundedness',
  version: '2',
  engine: 'rule',
  summary: 'Every claim of the answer is supported by the context.',
  inputs: ['response', 'context', 'messages'],
  evaluate(input: EvaluatorInput): Evaluated {
    const read = readGrounding(input, 'sentence')
    if (!('supports' in read)) return read
    const { supports, copyRate, languages, truncated } = read
    const faults = supports.reduce((sum, support) => sum + faultsOf(support), 0)
    const mean = weightedMean(supports)
    const worst = worstOf(supports)
    return {
      score: round((mean + worst.score) / 2 / (1 + faults)),
      reason: reasonOf(read, worst),
      evidence: {
        meanSupport: round(mean),
        worstSupport: round(worst.score),
        missingNumbers: missingOf(supports, 'number'),
        missingEntities: missingOf(supports, 'entity'),
        contradictions: shownTexts(supports.flatMap((support) => support.contradictions)),
        copyRate: round(copyRate),
        sentences: supportsEvidence(supports),
        ...(languages ? { languages } : {}),
        ...(truncated ? { truncated } : {}),
      },
      ...(languages ? { weak: true } : {}),
    }
  },
}

function weightedMean(supports: readonly Support[]): number {
  const terms = supports.reduce((sum, { claim }) => sum + claim.terms.length, 0)
  return supports.reduce((sum, { claim, score }) => sum + score * claim.terms.length, 0) / terms
}

function worstOf(supports: readonly Support[]): Support {
  const long = supports.filter(({ claim }) => claim.terms.length >= MIN_WORST_TERMS)
  return (long.length > 0 ? long : supports).reduce((low, one) => (one.score < low.score ? one : low))
}

function missingOf(supports: readonly Support[], kind: 'number' | 'entity'): string[] {
  const facts = supports.flatMap((support) => support.missing).filter((fact) => fact.kind === kind)
  return shownTexts(facts.map((fact) => fact.text))
}

/** One sentence on the worst claim: the one that says something wrong or unknown, else the one with least support. */
function reasonOf({ supports, languages }: Grounding, worst: Support): string {
  if (languages) return otherLanguage(languages)
  const named = supports.reduce((top, one) => (faultsOf(one) > faultsOf(top) ? one : top), worst)
  const quote = `"${named.claim.text.replace(/\s+/g, ' ').slice(0, 120)}"`
  const [contradiction] = shownTexts(named.contradictions)
  if (contradiction) return `The context contradicts ${quote}: ${contradiction}.`
  if (named.missing.length > 0) {
    const facts = shownTexts(named.missing.map((fact) => fact.text)).slice(0, 3)
    return `The context does not mention ${facts.join(', ')}, as in ${quote}.`
  }
  if (worst.score >= WELL_SUPPORTED) return 'Every claim is covered by the context.'
  const lacks = worst.missingTerms.slice(0, 3).map((term) => `"${term.slice(0, 40)}"`)
  return `The context ${worst.score < HARDLY ? 'hardly bears out' : 'bears out least'} ${quote}${lacks.length > 0 ? `: it lacks ${lacks.join(', ')}` : ''}.`
}
