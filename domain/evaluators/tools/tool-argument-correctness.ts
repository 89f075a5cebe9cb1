import type { ExpectedToolCall, Tool, ToolCall } from '../../dataset/tool-call.ts'
import type { Evaluated, Evaluator, EvaluatorInput } from '../evaluator.ts'
import { inputProblem, round } from '../source.ts'
import { bestAssignment } from './assignment.ts'
import { type ArgumentMatch, matchArguments, matchShare, sameName } from './ast.ts'
import { objection, plausibilityOf, saidInInput } from './call-plausibility.ts'
import { type ReadCalls, readCalls, requiredBy, toolNamed } from './input.ts'

/**
 * Whether calls were given the right arguments.
 *
 * With `expectedToolCalls`: mean over the calls that are matched with one due (same tool, in the pairing that makes the
 * sum greatest) of `right / (given ∪ due)`: names, required and optional arguments, types and accepted values as BFCL's
 * AST checker compares them (see `ast.ts`). Whether the right tools were called is ToolSelectionAccuracy's affair; where
 * calls are due or made and none match, nothing is right: 0. Neither due nor made: 1.
 *
 * Without, marked weak, from `tools`: the least over the calls of V × G. V = 1 when the arguments satisfy the tool's
 * JSON Schema (required ones there, types, enums, none unknown), else a quarter of the share that does; G = how far their values
 * were said in the conversation or context. No call, no wrong argument: 1. A tool that was not offered: 0.
 */
export const toolArgumentCorrectness: Evaluator = {
  name: 'ToolArgumentCorrectness',
  version: '1',
  engine: 'rule',
  summary: 'Calls were given the right arguments.',
  inputs: ['toolCalls', 'tools', 'expectedToolCalls', 'messages', 'context', 'response'],
  evaluate(input: EvaluatorInput): Evaluated {
    const problem = inputProblem(input)
    if (problem) return { error: problem }
    const read = readCalls(input)
    if ('error' in read) return read
    if (read.due) return againstDue(read, read.due)
    if (read.tools) return withoutReference(input, read.made, read.tools)
    return {
      error: 'neither expectedToolCalls nor tools is known: there is nothing to hold the arguments against',
    }
  },
}

function againstDue({ made, tools }: ReadCalls, due: readonly ExpectedToolCall[]): Evaluated {
  if (made.length === 0 && due.length === 0)
    return { score: 1, reason: 'No call is due and none was made: there are no arguments to get wrong.' }
  const matches = made.map((call) =>
    due.map((wanted) =>
      sameName(call.name, wanted.name)
        ? matchArguments(call, wanted, requiredBy(tools, wanted.name))
        : undefined,
    ),
  )
  // A pair of the same name is worth more than any sum of shares, so that as many calls as can be are matched.
  const worth = (match: ArgumentMatch | undefined) => (match ? made.length + 1 + matchShare(match) : 0)
  const pairs = bestAssignment(matches.map((row) => row.map(worth))).flatMap((column, row) => {
    const match = column === undefined ? undefined : matches[row]?.[column]
    return match ? [{ name: made[row]!.name.slice(0, 100), match }] : []
  })
  if (pairs.length === 0)
    return {
      score: 0,
      reason:
        made.length === 0
          ? 'Calls are due and none was made.'
          : 'No call was made of a tool that is due: no argument is right.',
    }
  const score = pairs.reduce((sum, { match }) => sum + matchShare(match), 0) / pairs.length
  const faulty = pairs.find(({ match }) => match.right < match.total)
  return {
    score: round(score),
    reason: faulty ? faultOf(faulty.name, faulty.match) : 'Every argument of the matched calls is right.',
    evidence: { calls: pairs.slice(0, 20).map(({ name, match }) => ({ name, ...match })) },
  }
}

function faultOf(name: string, { missing, unknown, wrong }: ArgumentMatch): string {
  const parts = [
    ...(missing.length > 0 ? [`lacks ${missing.slice(0, 5).join(', ')}`] : []),
    ...(unknown.length > 0 ? [`must not have ${unknown.slice(0, 5).join(', ')}`] : []),
    ...(wrong.length > 0 ? [`has another value than accepted in ${wrong.slice(0, 5).join(', ')}`] : []),
  ]
  return `${name} ${parts.join('; ')}.`
}

function withoutReference(
  input: EvaluatorInput,
  made: readonly ToolCall[],
  tools: readonly Tool[],
): Evaluated {
  if (made.length === 0)
    return { score: 1, reason: 'No call was made: there are no arguments to get wrong.', weak: true }
  const said = saidInInput(input)
  const judged = made.map((call) => {
    const tool = toolNamed(tools, call.name)
    if (!tool) return { name: call.name, score: 0, problem: `${call.name.slice(0, 100)} was not offered` }
    const plausibility = plausibilityOf(call, tool, said)
    const { validity, grounding, check, ungrounded } = plausibility
    return {
      name: call.name,
      score: validity * grounding,
      parts: { validity: round(validity), grounding: round(grounding), ungrounded: ungrounded.slice(0, 20) },
      check,
      problem: objection(call.name, plausibility),
    }
  })
  const worst = judged.reduce((low, one) => (one.score < low.score ? one : low))
  return {
    score: round(worst.score),
    reason: worst.problem
      ? `${worst.problem}.`
      : `The arguments satisfy the schema${worst.score < 1 ? ', but not all of their words were mentioned.' : ' and were all mentioned.'}`,
    evidence: {
      calls: judged
        .slice(0, 20)
        .map(({ name, score, parts, check }) => ({ name, score: round(score), ...parts, ...check })),
    },
    weak: true,
  }
}
