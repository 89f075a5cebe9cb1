import * as z from 'zod'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { round } from '../source.ts'
import { conflictsOf } from './conflicts.ts'
import { otherLanguage, readGrounding } from './read.ts'
import { type Support, shownTexts, supportsEvidence } from './support.ts'

const Params = z.strictObject({
  /** The support that a claim of a freely worded answer needs; up to twice as much in an answer that copies. */
  supportedAt: z.number().min(0).max(1).default(0.4),
})

/**
 * Share of the answer's claims that the context bears out.
 *
 * `score = supported / claims`. A claim is a sentence, or a part of one on either side of a conjunction. It is
 * `contradicted` when it negates or turns round its evidence, or gives another number or date in the same place;
 * `unsupported` when it has a number or name that neither context nor customer mentions, or when its support (see
 * `support.ts`) is below `supportedAt · (1 + copyRate)`: in an answer that copies, a claim that falls short of a copy has
 * been changed; in one that rewords, true claims share less with their source. Otherwise it is `supported`.
 */
export const faithfulness: Evaluator<z.infer<typeof Params>> = {
  name: 'Faithfulness',
  version: '1',
  engine: 'rule',
  summary: 'Each claim of the answer, taken by itself, is supported by the context.',
  inputs: ['response', 'context', 'messages'],
  params: Params,
  evaluate(input: EvaluatorInput, { supportedAt } = Params.parse({})): Evaluated {
    const read = readGrounding(input, 'clause')
    if (!('supports' in read)) return read
    const needed = Math.min(1, supportedAt * (1 + read.copyRate))
    const claims = read.supports.map((support) => ({ ...support, ...verdictOf(support, needed) }))
    const supported = claims.filter(({ verdict }) => verdict === 'supported').length
    const worst =
      claims.find(({ verdict }) => verdict === 'contradicted') ??
      claims.find(({ verdict }) => verdict === 'unsupported')
    const { languages, truncated } = read
    return {
      score: round(supported / claims.length),
      reason: languages ? otherLanguage(languages) : reasonOf(claims.length, supported, worst),
      evidence: {
        claims: supportsEvidence(claims, ({ verdict, because }) => ({ verdict, because })),
        needed: round(needed),
        copyRate: round(read.copyRate),
        ...(languages ? { languages } : {}),
        ...(truncated ? { truncated } : {}),
      },
      ...(languages ? { weak: true } : {}),
    }
  },
}

type Judged = Support & ReturnType<typeof verdictOf>

function reasonOf(claims: number, supported: number, worst: Judged | undefined): string {
  if (!worst)
    return `${claims === 1 ? 'The one claim is' : `All ${claims} claims are`} borne out by the context.`
  const quote = `"${worst.claim.text.slice(0, 120)}" (${worst.because})`
  const left = claims - supported
  if (claims === 1) return `The one claim is not borne out: ${quote}.`
  return `${left} of ${claims} claims ${left === 1 ? 'is' : 'are'} not borne out, such as ${quote}.`
}

type Verdict = 'supported' | 'unsupported' | 'contradicted'

function verdictOf(support: Support, needed: number): { verdict: Verdict; because: string } {
  const against = [...support.contradictions, ...conflictsOf(support)]
  if (against[0])
    return { verdict: 'contradicted', because: `the context has it otherwise: ${against[0].slice(0, 100)}` }
  if (support.missing.length > 0) {
    const missing = shownTexts(support.missing.map((fact) => fact.text)).slice(0, 3)
    return { verdict: 'unsupported', because: `the context does not mention ${missing.join(', ')}` }
  }
  const share = `the context covers ${Math.round(support.score * 100)}% of it`
  if (support.score < needed)
    return { verdict: 'unsupported', because: `${share}, ${Math.round(needed * 100)}% are needed` }
  return { verdict: 'supported', because: share }
}
