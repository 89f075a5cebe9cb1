import { conversationOf, replyOf, requestProblem, together } from './content.ts'
import { gradeFields, readGrade } from './grade.ts'
import { defineJudge } from './judge.ts'

/** Whether the answer is about what was asked: one grade of five. Whether it is true is the concern of `Groundedness`. */
export const answerRelevance = defineJudge({
  name: 'AnswerRelevance',
  version: '1',
  summary: 'The answer is about what was asked, all of it and nothing else.',
  inputs: ['response', 'messages'],
  rubric: `
The row has \`conversation\` and \`reply\` (the agent's). Grade how far the reply addresses what the customer asks for in the end:
each part of it, to the point. Whether it is true does not matter here. A reply that evades, asks back for what was said
already, or repeats the question addresses nothing; one that declines with the reason addresses the request.
verdict: fully = every part, to the point; mostly = every part that matters, with some padding or a small gap; partly = about
half; barely = it touches the subject alone; not = it is about something else.`,
  show: (input) => together(requestProblem(input), { conversation: conversationOf(input) }, replyOf(input)),
  fields: gradeFields,
  read: readGrade,
})
