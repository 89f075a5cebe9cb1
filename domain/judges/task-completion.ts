import { contextOf, conversationOf, expectedOf, responseOf, together, toolCallsOf } from './content.ts'
import { gradeFields, readGrade } from './grade.ts'
import { defineJudge } from './judge.ts'

/** Whether the answer did what was asked: one grade of five, against the good answer where one is known. */
export const taskCompletion = defineJudge({
  name: 'TaskCompletion',
  version: '1',
  summary: 'The answer did what was asked for, and nothing else.',
  inputs: ['response', 'context', 'messages', 'expected', 'reference', 'toolCalls', 'expectedToolCalls'],
  rubric: `
The row has \`conversation\`, \`context\`, \`response\` (the agent's, with its actions) and, where they are known, the \`calls\` it
made and what was \`expected\`. The task is what the customer asks for in the end. Grade how far the response gets it done: the
right action on the right thing with the right values, and a reply that says what the customer needs. An action that nobody
asked for, or that the context forbids, is as bad as a missing one. What the agent says it did counts only if the calls or
the action show it. Thanks at the end, of the customer or the agent, tell nothing. Another wording than the expected one is fine.
verdict: fully = done; mostly = done but for a detail that matters little; partly = a part that matters is left; barely = hardly
begun; not = not done, or something wrong was done.`,
  show: (input) =>
    together(
      { conversation: conversationOf(input) },
      input.context.length === 0 ? {} : contextOf(input),
      responseOf(input),
      toolCallsOf(input),
      expectedOf(input),
    ),
  fields: gradeFields,
  read: readGrade,
})
