import * as z from 'zod'
import { conversationOf, goodAnswerOf, passagesOf, together } from './content.ts'
import { gradesInOrder } from './passages.ts'
import { defineJudge } from './judge.ts'

/**
 * Whether useful passages stand before useless ones: average precision, `Σ_k precision@k · useful_k / Σ_k useful_k` over the
 * passages in their order (context precision of RAGAS, after Manning et al. 2008, section 8.4). 0 when none is useful.
 */
export const contextPrecision = defineJudge({
  name: 'ContextPrecision',
  version: '1',
  summary: 'The passages that help stand before those that do not.',
  inputs: ['context', 'messages', 'reference', 'response'],
  rubric: `
The row has \`conversation\`, \`passages\` that were retrieved for it, in order, and \`answer\`. Say of each passage, in order, all
of them, whether it was of use in arriving at the answer:
useful = a statement of the answer rests on it; useless = the answer would be the same without it.`,
  show: (input) =>
    together(
      { conversation: conversationOf(input) },
      passagesOf(input),
      goodAnswerOf(input, 'or the response'),
    ),
  fields: {
    passages: z.array(z.strictObject({ passage: z.int(), verdict: z.enum(['useful', 'useless']) })),
  },
  read({ passages }, shown) {
    const grades = gradesInOrder(passages, shown)
    if ('refused' in grades) return grades
    let useful = 0
    let sum = 0
    for (const [index, verdict] of grades.verdicts.entries()) {
      if (verdict === 'useless') continue
      useful += 1
      sum += useful / (index + 1)
    }
    return { score: useful === 0 ? 0 : sum / useful, evidence: { passages: grades.verdicts, useful } }
  },
})
