import * as z from 'zod'
import { contextOf, goodAnswerOf, together } from './content.ts'
import { defineJudge } from './judge.ts'

const MAX_STATEMENTS_SHOWN = 50

/**
 * How much of the good answer the context holds: `score = attributable statements / statements` of the reference (context
 * recall of RAGAS, Es et al. 2023).
 */
export const contextRecall = defineJudge({
  name: 'ContextRecall',
  version: '1',
  summary: 'The context holds all that the good answer rests on.',
  inputs: ['context', 'reference'],
  rubric: `
The row has \`context\` and \`answer\`, the good answer. Split the answer into its statements: short, of one fact each, in
order, none left out. Courtesies, questions and offers are none. Give each statement a verdict:
in_context = the context says it, or it follows from the context; missing = it does not.`,
  show: (input) => together(contextOf(input), goodAnswerOf(input)),
  fields: {
    statements: z.array(
      z.strictObject({ statement: z.string(), verdict: z.enum(['in_context', 'missing']) }),
    ),
  },
  read({ statements }) {
    if (statements.length === 0)
      return { refused: 'the field statements is empty, but the answer states something' }
    const found = statements.filter(({ verdict }) => verdict === 'in_context').length
    return {
      score: found / statements.length,
      evidence: {
        statements: statements
          .slice(0, MAX_STATEMENTS_SHOWN)
          .map(({ statement, verdict }) => ({ statement: statement.slice(0, 300), verdict })),
        inContext: found,
        missing: statements.length - found,
      },
    }
  },
})
