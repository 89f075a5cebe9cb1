import { contentHash } from '../../../domain/hash.ts'
import type { EvaluatorInput } from '../../../domain/evaluators/evaluator.ts'
import { evaluatorByName } from '../../../domain/evaluators/registry.ts'
import type { ToolCall } from '../../../domain/dataset/tool-call.ts'
import type { Figure } from '../harness.ts'
import { discrimination } from './discrimination.ts'
import type { PeerProcess } from './peers.ts'
import { readRows, type LabelledSet } from './sets.ts'
import { taskPairs, type TaskRow } from './task-pairs.ts'
import { ARGUMENT_KINDS, SELECTION_KINDS, toolPairs, type ToolRow } from './tool-pairs.ts'

const SEED = 1

/** A right or wrong answer, without what is due and what is due. */
interface CallPair {
  cluster: string
  group: string
  good: boolean
  input: EvaluatorInput
  reference: Partial<EvaluatorInput>
}

/**
 * Whether the right calls were made, with and without knowing which are due: over all, and by the set's groups. What is
 * measured with a reference checks that evaluator and pairs mean the same by a right call; it is no measure of quality.
 */
export async function toolFigures(set: LabelledSet, autoevals: PeerProcess | undefined) {
  const pairs = toolPairs(readRows<ToolRow>(set.folder), SEED).map(({ id, label, ...pair }) => ({
    ...pair,
    cluster: id,
    good: label === 1,
  }))
  const selection = pairs.filter(({ kind, good }) => good || SELECTION_KINDS.includes(kind))
  const groups = [...Map.groupBy(pairs, ({ group }) => group)].filter(
    ([, own]) => own.some(({ good }) => good) && own.some(({ good }) => !good),
  )
  return {
    ...blind(set.name, 'ToolSelectionAccuracy', pairs),
    ...Object.assign(
      {},
      ...groups.map(([group, own]) => blind(`${set.name}.${group}`, 'ToolSelectionAccuracy', own)),
    ),
    ...blind(`${set.name}.which_tool`, 'ToolSelectionAccuracy', selection),
    ...blind(
      `${set.name}.arguments`,
      'ToolArgumentCorrectness',
      pairs.filter(({ kind }) => kind === 'accepted' || ARGUMENT_KINDS.includes(kind)),
    ),
    ...seeing(set.name, 'ToolSelectionAccuracy', pairs, { strict: true }),
    ...(await jsonDiff(set.name, pairs, autoevals)),
  } as Record<string, Figure>
}

/** Whether a task was done: with the calls that are due, as the evaluator is meant to be used, and without. */
export async function taskFigures(set: LabelledSet, autoevals: PeerProcess | undefined) {
  const pairs = taskPairs(readRows<TaskRow>(set.folder)).map(({ group, label, input, reference }) => ({
    group,
    input,
    reference,
    good: label === 1,
    // Trials of one task are of one kind: they are due the same calls.
    cluster: contentHash(reference),
  }))
  return {
    ...score(set.name, 'TaskCompletion', pairs, withReference),
    ...blind(`${set.name}.without_reference`, 'TaskCompletion', pairs),
    ...(await jsonDiff(set.name, pairs, autoevals)),
  }
}

const withReference = ({ input, reference }: CallPair): EvaluatorInput => ({ ...input, ...reference })

function blind(prefix: string, name: string, pairs: readonly CallPair[]): Record<string, Figure> {
  return score(prefix, name, pairs, ({ input }) => input)
}

function seeing(
  prefix: string,
  name: string,
  pairs: readonly CallPair[],
  params = {},
): Record<string, Figure> {
  return score(`${prefix}.with_reference`, name, pairs, withReference, params)
}

function score(
  prefix: string,
  name: string,
  pairs: readonly CallPair[],
  inputOf: (pair: CallPair) => EvaluatorInput,
  params = {},
): Record<string, Figure> {
  const evaluator = evaluatorByName(name)!
  const evaluate = (input: EvaluatorInput) =>
    evaluator.params ? evaluator.evaluate(input, evaluator.params.parse(params)) : evaluator.evaluate(input)
  return discrimination(
    prefix,
    pairs.map((pair) => evaluate(inputOf(pair))),
    pairs,
  )
}

/** The peer's comparison of JSON: calls made against calls due, which it must be told. */
async function jsonDiff(prefix: string, pairs: readonly CallPair[], autoevals: PeerProcess | undefined) {
  const scores = await autoevals?.score(
    pairs.map(({ input, reference }) => ({
      scorer: 'JSONDiff',
      output: byName(input.toolCalls ?? []),
      expected: byName(
        (reference.expectedToolCalls ?? []).map((call) => ({
          name: call.name,
          arguments: Object.fromEntries(
            Object.entries(call.arguments).flatMap(([key, [first]]) =>
              first === undefined || first === '' ? [] : [[key, first]],
            ),
          ),
        })),
      ),
    })),
  )
  if (!scores) return {}
  const results = scores.map((score) => (score === null ? { error: 'no score' } : { score, reason: '' }))
  return discrimination(`${prefix}.with_reference.autoevals_jsondiff`, results, pairs)
}

function byName(calls: readonly Pick<ToolCall, 'name' | 'arguments'>[]) {
  return calls
    .map(({ name, arguments: args }) => ({ name, arguments: args }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}
