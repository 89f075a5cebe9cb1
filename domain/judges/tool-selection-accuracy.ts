import * as z from 'zod'
import { conversationOf, expectedCallsOf, toolsOf, together } from './content.ts'
import { defineJudge } from './judge.ts'

/**
 * Whether the right tools were called with the right arguments: `score = right / (calls made + calls missing)`; 1 when none
 * was made and none is missing. Missing calls count by the names of offered tools alone.
 */
export const toolSelectionAccuracy = defineJudge({
  name: 'ToolSelectionAccuracy',
  version: '1',
  summary: 'The calls made are those that were due, of the right tools.',
  inputs: ['messages', 'tools', 'toolCalls', 'expectedToolCalls'],
  rubric: `
The row has \`conversation\`, \`tools\` (those offered), \`calls\` (those the agent made, numbered) and, where they are known, the
\`expected_calls\` with the values each argument may have. Give each call, in order, all of them, a verdict:
right = this tool was due and its arguments are those the conversation gives; wrong_arguments = the tool was due, an argument is
wrong, made up or missing; wrong_tool = another tool of those offered was due; not_due = no call was due here.
Then list in \`missing\` the names of offered tools of which a call was due and none was made, one entry a call.`,
  show: (input) => together({ conversation: conversationOf(input) }, toolsOf(input), expectedCallsOf(input)),
  fields: {
    calls: z.array(
      z.strictObject({
        call: z.int(),
        verdict: z.enum(['right', 'wrong_arguments', 'wrong_tool', 'not_due']),
      }),
    ),
    missing: z.array(z.string()),
  },
  read({ calls, missing }, shown) {
    const made = (shown.calls as unknown[]).length
    if (calls.length !== made || calls.some(({ call }, index) => call !== index))
      return { refused: `the field calls must judge each of the ${made} calls once, in order` }
    const offered = new Set((shown.tools as { name: string }[]).map(({ name }) => name))
    const due = missing.filter((name) => offered.has(name))
    const right = calls.filter(({ verdict }) => verdict === 'right').length
    const total = made + due.length
    return {
      score: total === 0 ? 1 : right / total,
      evidence: { calls: calls.map(({ verdict }) => verdict), missing: due, right },
    }
  },
})
