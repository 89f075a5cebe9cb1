import * as z from 'zod'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { round } from '../source.ts'
import { conflictsOf } from './conflicts.ts'
import { readGrounding } from './read.ts'
import { type Support, supportEvidence } from './support.ts'

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
    const claims = read.supports.map((support) => ({ support, ...verdictOf(support, needed) }))
    const supported = claims.filter(({ verdict }) => verdict === 'supported').length
    const worst =
      claims.find(({ verdict }) => verdict === 'contradicted') ??
      claims.find(({ verdict }) => verdict === 'unsupported')
    return {
      score: round(supported / claims.length),
      reason: worst
        ? `${claims.length - supported} of ${claims.length} claims ${supported === claims.length - 1 ? 'is' : 'are'} not borne out, such as "${worst.support.claim.text.slice(0, 120)}" (${worst.because}).`
        : `${claims.length === 1 ? 'The one claim is' : `All ${claims.length} claims are`} borne out by the context.`,
      evidence: {
        claims: claims.slice(0, 50).map(({ support, verdict, because }) => ({
          verdict,
          because,
          ...supportEvidence(support),
        })),
        needed: round(needed),
        copyRate: round(read.copyRate),
        ...(read.truncated ? { truncated: true } : {}),
      },
    }
  },
}

type Verdict = 'supported' | 'unsupported' | 'contradicted'

function verdictOf(support: Support, needed: number): { verdict: Verdict; because: string } {
  const against = [...support.contradictions, ...conflictsOf(support)]
  if (against[0]) return { verdict: 'contradicted', because: against[0] }
  if (support.missing.length > 0) {
    const missing = support.missing.map((fact) => fact.text).slice(0, 3)
    return { verdict: 'unsupported', because: `the context does not mention ${missing.join(', ')}` }
  }
  const percent = `${Math.round(support.score * 100)} of 100`
  if (support.score < needed) return { verdict: 'unsupported', because: `support of ${percent}` }
  return { verdict: 'supported', because: `support of ${percent}` }
}
