import * as z from 'zod'
import { conversationOf, passagesOf, together } from './content.ts'
import { gradesInOrder } from './passages.ts'
import { defineJudge } from './judge.ts'

const GRADES = { answers: 1, helps: 0.5, off_topic: 0 } as const

/**
 * Whether the context has what the request is about: the grade of its best passage (answers 1, helps 0.5, off_topic 0).
 * The padding around it is the concern of `ContextPrecision`.
 */
export const contextRelevance = defineJudge({
  name: 'ContextRelevance',
  version: '1',
  summary: 'The context has what the request is about.',
  inputs: ['context', 'messages'],
  rubric: `
The row has \`conversation\` and \`passages\` that were retrieved for it. The request is the customer's last message that asks
for something, read with what was said before. Grade each passage, in order, all of them:
answers = it holds the answer, or all that is needed to do what is asked; helps = it is about the same matter and holds a part
of it; off_topic = it does not help with this request, however many words it shares with it.`,
  show: (input) => together({ conversation: conversationOf(input) }, passagesOf(input)),
  fields: {
    passages: z.array(
      z.strictObject({ passage: z.int(), verdict: z.enum(['answers', 'helps', 'off_topic']) }),
    ),
  },
  read({ passages }, shown) {
    const grades = gradesInOrder(passages, shown)
    if ('refused' in grades) return grades
    const scores: number[] = grades.verdicts.map((verdict) => GRADES[verdict])
    return {
      score: Math.max(...scores),
      evidence: { passages: grades.verdicts, best: scores.indexOf(Math.max(...scores)) },
    }
  },
})
