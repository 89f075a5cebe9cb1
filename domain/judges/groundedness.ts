import { contextOf, conversationOf, replyOf, together } from './content.ts'
import { gradeFields, readGrade } from './grade.ts'
import { defineJudge } from './judge.ts'

/** How far the answer as a whole is supported by the context: one grade of five. `Faithfulness` goes claim by claim. */
export const groundedness = defineJudge({
  name: 'Groundedness',
  version: '1',
  summary: 'Every claim of the answer is supported by the context.',
  inputs: ['response', 'context', 'messages'],
  rubric: `
The row has \`context\` (what the agent was given), \`conversation\` and \`reply\` (the agent's). Grade how far the reply's
statements follow from the context, or repeat what the customer said. What is true in the world but not in the context is
not supported. Numbers, dates, names, units and negations must agree. Courtesies, questions and offers to help state
nothing and are passed over.
verdict: fully = every statement follows; mostly = a detail that matters little does not; partly = about half of what
matters follows; barely = little follows; not = nothing follows, or a statement that matters contradicts the context.`,
  show: (input) => together(contextOf(input), { conversation: conversationOf(input) }, replyOf(input)),
  fields: gradeFields,
  read: readGrade,
})
