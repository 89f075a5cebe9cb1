import type { Evaluated } from '../../../domain/evaluators/evaluator.ts'
import { evaluatorByName } from '../../../domain/evaluators/registry.ts'
import type { Figure } from '../harness.ts'
import { discrimination, type Label } from './discrimination.ts'
import { groundednessInputs, relevanceInputs } from './labelled-inputs.ts'
import type { PeerCall, Peer } from './peers.ts'
import type { LabelledSet } from './sets.ts'

/** A peer's scorer by the name that its figures get. */
export const TEXT_PEERS: { label: string; peer: Peer; scorer: string }[] = [
  { label: 'autoevals_levenshtein', peer: 'autoevals', scorer: 'Levenshtein' },
  { label: 'promptfoo_rouge_n', peer: 'promptfoo', scorer: 'rouge-n' },
  { label: 'promptfoo_gleu', peer: 'promptfoo', scorer: 'gleu' },
]

/** A set as scores of ours and as the same questions to peers. */
export interface MeasuredSet {
  figures: Record<string, Figure>
  /** What a peer would be asked for the same labels, in the same order. */
  peerCalls: Omit<PeerCall, 'scorer'>[]
  labels: Label[]
}

/** Whether answers are grounded: Groundedness, and Faithfulness beside it. */
export function measureGroundedness(set: LabelledSet): MeasuredSet {
  const inputs = groundednessInputs(set)
  const labels = inputs.map(({ label, cluster }) => ({ good: label === 1, cluster }))
  const measure = (prefix: string, name: string) => {
    const evaluator = evaluatorByName(name)!
    return discrimination(
      prefix,
      inputs.map(({ input }) => evaluator.evaluate(input)),
      labels,
    )
  }
  return {
    figures: {
      ...measure(set.name, 'Groundedness'),
      ...measure(`${set.name}.faithfulness`, 'Faithfulness'),
    },
    peerCalls: inputs.map(({ input }) => ({ output: input.response, expected: input.context.join('\n') })),
    labels,
  }
}

/** Which items of a context answer the question. */
export function measureRelevance(set: LabelledSet): MeasuredSet {
  const evaluator = evaluatorByName('ContextRelevance')!
  const questions = relevanceInputs(set)
  const labels = questions.flatMap(({ labels: own, cluster }) =>
    own.map((label) => ({ good: label === 1, cluster })),
  )
  const scores = questions.flatMap(({ input, labels: own }) => {
    const result = evaluator.evaluate(input)
    const items = 'error' in result ? undefined : (result.evidence?.items as number[] | undefined)
    return own.map((_, at): Evaluated => {
      const score = items?.[at]
      return score === undefined ? { error: 'the item has no score' } : { score, reason: '' }
    })
  })
  return {
    figures: discrimination(set.name, scores, labels),
    peerCalls: questions.flatMap(({ input }) =>
      input.context.map((item) => ({ output: item, expected: input.messages[0]!.content })),
    ),
    labels,
  }
}
