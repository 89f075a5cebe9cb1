import * as z from 'zod'
import { contextOf, conversationOf, replyOf, together } from './content.ts'
import { defineJudge } from './judge.ts'

/** A reply with more words than this states something: a judge that finds no claim in it was led astray. */
const MAX_WORDS_WITHOUT_CLAIM = 12
const MAX_CLAIMS_SHOWN = 50

/**
 * Share of the answer's claims that the context supports: `score = supported / claims` (faithfulness of RAGAS, Es et al.
 * 2023, arXiv 2309.15217). A short answer without a claim scores 1.
 */
export const faithfulness = defineJudge({
  name: 'Faithfulness',
  version: '1',
  summary: 'Each claim of the answer, taken by itself, follows from the context.',
  inputs: ['response', 'context', 'messages'],
  rubric: `
The row has \`context\` (what the agent was given), \`conversation\` and \`reply\` (the agent's). Split the reply into its claims:
short statements of one fact each, with pronouns resolved, in order, none left out. Courtesies, questions and offers are no
claims. Give each claim a verdict:
supported = it follows from the context, or repeats what the customer said; contradicted = the context says otherwise;
not_mentioned = neither.`,
  show: (input) => together(contextOf(input), { conversation: conversationOf(input) }, replyOf(input)),
  fields: {
    claims: z.array(
      z.strictObject({ claim: z.string(), verdict: z.enum(['supported', 'contradicted', 'not_mentioned']) }),
    ),
  },
  read({ claims }, { reply }) {
    const words = String(reply).split(/\s+/).length
    if (claims.length === 0 && words > MAX_WORDS_WITHOUT_CLAIM)
      return { refused: 'the field claims is empty, but the reply states something' }
    const count = (verdict: string) => claims.filter((claim) => claim.verdict === verdict).length
    return {
      score: claims.length === 0 ? 1 : count('supported') / claims.length,
      evidence: {
        claims: claims
          .slice(0, MAX_CLAIMS_SHOWN)
          .map(({ claim, verdict }) => ({ claim: claim.slice(0, 300), verdict })),
        supported: count('supported'),
        contradicted: count('contradicted'),
        notMentioned: count('not_mentioned'),
      },
    }
  },
})
