import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { round } from '../source.ts'
import { readGrounding } from './read.ts'
import { type Support, supportEvidence } from './support.ts'

/** A shorter claim ("Enjoy!") cannot be the worst one, unless all are short. */
const MIN_WORST_TERMS = 3
/** From here on a claim without a fault needs no mention in the reason. */
const WELL_SUPPORTED = 0.8

/**
 * How far the answer's claims are supported by the context and, for names and values, by what the customer said.
 *
 * `score = (M + W)/2 / (1 + N + E + X)`, in [0, 1]: M the mean support of the claims, weighted by their number of terms;
 * W the support of the worst claim, since one unsupported claim makes an answer ungrounded; N, E the number of numbers
 * and dates, and of names and ids, that neither context nor customer mentions (a name that is half known counts half);
 * X the number of claims that contradict their evidence (negation, opposite, qualifier). Claims are the sentences apart
 * from plain questions, introductions and remarks on what the source lacks. See `support.ts` for the support of one.
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
    const { supports, copyRate, truncated } = read
    const contradicted = supports.filter((support) => support.contradictions.length > 0).length
    const faults = supports
      .flatMap((support) => support.missing)
      .reduce((sum, fact) => sum + fact.weight, contradicted)
    const mean = weightedMean(supports)
    const worst = worstOf(supports)
    return {
      score: round((mean + worst.score) / 2 / (1 + faults)),
      reason: reasonOf(supports, worst),
      evidence: {
        meanSupport: round(mean),
        worstSupport: round(worst.score),
        missingNumbers: missingOf(supports, 'number'),
        missingEntities: missingOf(supports, 'entity'),
        contradictions: supports.flatMap((support) => support.contradictions).slice(0, 20),
        copyRate: round(copyRate),
        sentences: supports.slice(0, 20).map(supportEvidence),
        ...(truncated ? { truncated } : {}),
      },
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
  return facts.map((fact) => fact.text).slice(0, 20)
}

/** One sentence on the worst claim: the one that says something wrong or unknown, else the one with least support. */
function reasonOf(supports: readonly Support[], worst: Support): string {
  const faults = (support: Support) =>
    support.contradictions.length + support.missing.reduce((sum, fact) => sum + fact.weight, 0)
  const named = supports.reduce((top, one) => (faults(one) > faults(top) ? one : top), worst)
  const quote = `"${named.claim.text.slice(0, 120)}"`
  if (named.contradictions[0]) return `The context contradicts ${quote}: ${named.contradictions[0]}.`
  if (named.missing.length > 0) {
    const facts = named.missing.map((fact) => fact.text).slice(0, 5)
    return `The context does not mention ${facts.join(', ')}, as in ${quote}.`
  }
  if (worst.score >= WELL_SUPPORTED) return 'Every claim is covered by the context.'
  return `Least supported is ${quote}, with ${Math.round(worst.score * 100)} of 100.`
}
