import * as z from 'zod'
import { readAnswer } from '../answer.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { customerTexts, inputProblem, readTexts } from '../source.ts'
import { readCalls } from '../tools/input.ts'
import type { TaskRow } from './row.ts'
import { withReference } from './with-reference.ts'
import { withoutReference } from './without-reference.ts'

const ToolNames = z.array(z.string().min(1).max(200)).max(1000).default([])

const Params = z.strictObject({
  /** Tools that change something although their names do not say so. */
  changes: ToolNames,
  /** Tools that change nothing although their names do not say so. */
  reads: ToolNames,
})

/**
 * Whether the answer, or the agent on its way to it, did what the request asked for.
 *
 * With `expectedToolCalls` or `expected`: `score = J × (0.5 + 0.5·F)`.
 * J with `expectedToolCalls`: the calls that changed something held against those that are due, `S / (|made| + |due| − S)`,
 * S = sum over the best pairing of the share of right arguments; calls that only read, that failed, or that set
 * again what another set are left out (see `effect.ts`, `end-state.ts`). It is the comparison of end states of tau-bench (S. Yao et
 * al. 2024, arXiv:2406.12045), told by the calls and made graded.
 * J with `expected` alone: Jaccard of the actions that the answer names and those expected. 1 when none is due and none made.
 * F with `expected` = R × (1 − 0.5·U): R = mean of the shares of the expected reply's numbers and dates, of its names and
 * ids, and of its content stems that the reply conveys (kinds that the expected reply lacks are left out); U = share of the
 * reply's own facts that neither expected reply, context nor customer holds. F with `reference` alone = the same R, over all
 * that the agent said. With neither, F = 1.
 *
 * Without either, marked weak: `answered = (1 − U) × (0.6·A + 0.4·C)`. A = how far the reply takes up the request: mean of
 * the IDF-weighted coverage of the request and of the context item closest to it, each doubled and cut at 1, since a good
 * reply repeats about half. C = 1 when it names an action or a call changed something, 0.5 when its words commit to one,
 * else 0. Where `toolCalls` are known, the way counts too: the more of the k calls, the less the last reply alone says,
 * `(1 − 1/k + answered/k) × (0.25 + 0.75·G) × H / (1 + 0.1·(N − 1))`. G = how far the customer said the values that the
 * changes were made with; H = 0.5 when the reply claims a change that nothing made, else 1; N = how often the customer had
 * to speak. Refusing or handing over may be the right end, so neither counts. Thanks at the end are passed over: what was answered
 * before them counts as the reply.
 */
export const taskCompletion: Evaluator<z.output<typeof Params>> = {
  name: 'TaskCompletion',
  version: '2',
  engine: 'rule',
  summary: 'What was asked for was done, and nothing else.',
  inputs: ['response', 'context', 'messages', 'expected', 'reference', 'toolCalls', 'expectedToolCalls'],
  params: Params,
  evaluate(input: EvaluatorInput, names = { changes: [], reads: [] }): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const expected: unknown = input.expected
    if (expected !== undefined && !isAnswer(expected))
      return { error: 'expected is no {intent, action, reply}' }
    const read = readCalls(input)
    if ('error' in read) return read
    const callsAreKnown = input.toolCalls !== undefined || read.due !== undefined
    const row: TaskRow = {
      input,
      answer: readAnswer(input.response),
      context: readTexts(input.context).read,
      customer: readTexts(customerTexts(input)).read,
      ...(callsAreKnown ? { calls: read.made } : {}),
      ...(read.due ? { due: read.due } : {}),
      ...(expected ? { expected } : {}),
    }
    return expected || read.due ? withReference(row, names) : withoutReference(row, names)
  },
}

function isAnswer(value: unknown): value is { action: string; reply: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'action' in value &&
    'reply' in value &&
    typeof value.reply === 'string'
  )
}
