import * as z from 'zod'
import type { ExpectedToolCall, Tool, ToolCall } from '../../dataset/tool-call.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { customerRequest } from '../request.ts'
import { inputProblem, round } from '../source.ts'
import { contentStems, tokenise } from '../text/stems.ts'
import { bestAssignment } from './assignment.ts'
import { matchArguments, sameName } from './ast.ts'
import { objection, plausibilityOf, saidInInput } from './call-plausibility.ts'
import { type ReadCalls, readCalls, requiredBy, toolNamed } from './input.ts'
import { fitOfTools } from './relevance.ts'

const Params = z.strictObject({
  /** Count a call as right only when its arguments are too: the accuracy of the Berkeley Function-Calling Leaderboard. */
  strict: z.boolean().default(false),
})

/**
 * Whether the right tools were called, and none where none is due.
 *
 * With `expectedToolCalls`: F1 of the calls made and those due, as multisets of tool names, so that parallel calls may
 * come in any order: `2·m / (made + due)`, m = calls of both. All right is 1 and nothing else is; no call where one is
 * due is 0, a call where none is due is 0, and none where none is due is 1. With `strict`, a pair counts in m only when
 * its arguments are right as well, by the rules of BFCL's AST checker (see `ast.ts`), in the best pairing.
 *
 * Without, marked weak, from `tools`: the least over the calls of `V × R × G × (0.5 + 0.5·D)`. V = validity by the
 * tool's JSON Schema; R = rank of the called tool among those offered, by its words and the request's; G = how far the
 * arguments were said in the conversation; D = how far the tool fits the request on its own, doubled and cut at 1.
 * Where no call was made: `1 − D` of the tool that fits best. A call of a tool that was not offered is 0.
 */
export const toolSelectionAccuracy: Evaluator<z.output<typeof Params>> = {
  name: 'ToolSelectionAccuracy',
  version: '1',
  engine: 'rule',
  summary: 'The tools that the request needs were called, and no others.',
  inputs: ['toolCalls', 'tools', 'expectedToolCalls', 'messages', 'context', 'response'],
  params: Params,
  evaluate(input: EvaluatorInput, { strict } = { strict: false }): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const read = readCalls(input)
    if ('error' in read) return read
    if (read.due) return againstDue(read, read.due, strict)
    if (read.tools) return withoutReference(input, read.made, read.tools)
    return {
      error: 'neither expectedToolCalls nor tools is known: there is nothing to hold the calls against',
    }
  },
}

function againstDue(
  { made, tools }: ReadCalls,
  due: readonly ExpectedToolCall[],
  strict: boolean,
): Evaluated {
  const evidence = { made: namesOf(made), due: namesOf(due) }
  if (made.length === 0 && due.length === 0)
    return { score: 1, reason: 'No call is due and none was made.', evidence }
  const fits = (call: ToolCall, wanted: ExpectedToolCall) => {
    if (!sameName(call.name, wanted.name)) return 0
    const { right, total } = matchArguments(call, wanted, requiredBy(tools, wanted.name))
    return !strict || right === total ? 1 : 0
  }
  const gains = made.map((call) => due.map((wanted) => fits(call, wanted)))
  const pairs = bestAssignment(gains).map((column, row) =>
    column !== undefined && gains[row]?.[column] === 1 ? column : undefined,
  )
  const matched = new Set(pairs.filter((column) => column !== undefined))
  const wrong = namesOf(made.filter((_, index) => pairs[index] === undefined))
  const left = namesOf(due.filter((_, index) => !matched.has(index)))
  return {
    score: round((2 * matched.size) / (made.length + due.length)),
    reason:
      wrong.length + left.length === 0
        ? 'Every call that is due was made, and no other.'
        : [
            ...(left.length > 0 ? [`Not made: ${left.slice(0, 5).join(', ')}.`] : []),
            ...(wrong.length > 0
              ? [`${strict ? 'Not due so' : 'Not due'}: ${wrong.slice(0, 5).join(', ')}.`]
              : []),
          ].join(' '),
    evidence,
  }
}

function namesOf(calls: readonly { name: string }[]): string[] {
  return calls.map(({ name }) => name.slice(0, 100)).toSorted()
}

function withoutReference(
  input: EvaluatorInput,
  made: readonly ToolCall[],
  tools: readonly Tool[],
): Evaluated {
  const fits = fitOfTools(requestOf(input), tools)
  if (made.length === 0) {
    const best = fits.reduce((top, { match }) => Math.max(top, match), 0)
    const due = Math.min(1, 2 * best)
    const tool = tools[fits.findIndex(({ match }) => match === best)]
    return {
      score: round(1 - due),
      reason:
        tool && due > 0
          ? `No call was made; the tool that fits the request best is ${tool.name.slice(0, 100)} (${Math.round(due * 100)}%).`
          : 'No call was made, and no tool that was offered fits the request.',
      evidence: { due: round(due) },
      weak: true,
    }
  }
  const said = saidInInput(input)
  const judged = made.map((call) => {
    const tool = toolNamed(tools, call.name)
    const fit = tool && fits[tools.indexOf(tool)]
    if (!tool || !fit)
      return { name: call.name, score: 0, problem: `${call.name.slice(0, 100)} was not offered` }
    const plausibility = plausibilityOf(call, tool, said)
    const { validity, grounding } = plausibility
    const match = Math.min(1, 2 * fit.match)
    return {
      name: call.name,
      score: validity * fit.rank * grounding * (0.5 + 0.5 * match),
      parts: {
        validity: round(validity),
        rank: round(fit.rank),
        grounding: round(grounding),
        match: round(match),
      },
      problem: objection(call.name, plausibility),
    }
  })
  const worst = judged.reduce((low, one) => (one.score < low.score ? one : low))
  return {
    score: round(worst.score),
    reason: worst.problem
      ? `${worst.problem}.`
      : `${worst.name.slice(0, 100)} was called; its words fit the request at ${Math.round(worst.score * 100)}%.`,
    evidence: {
      calls: judged.slice(0, 20).map(({ name, score, parts }) => ({ name, score: round(score), ...parts })),
    },
    weak: true,
  }
}

/** Content words that a request needs to stand alone: "Yes, for two" leans on what was said before. */
const ENOUGH_WORDS = 5

/** The request, with what the customer said before it as long as it says too little. */
function requestOf({ messages }: EvaluatorInput): string {
  const { request, earlier } = customerRequest(messages)
  let text = request
  for (let at = earlier.length - 1; at >= 0 && contentStems(tokenise(text)).length < ENOUGH_WORDS; at--)
    text = `${earlier[at]}\n${text}`
  return text.slice(0, 20_000)
}
