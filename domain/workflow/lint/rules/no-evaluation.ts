import type { WorkflowDefinition } from '../../definition.ts'
import { producerOf } from '../../source.ts'
import type { StageDefinition } from '../../stage.ts'
import { finding, type Finding } from '../finding.ts'
import { originOf, stagesOfKind, upstreamOf } from '../graph.ts'

/** A promotion is decided by an evaluation of the very model that it promotes, made in the same run. */
export function noEvaluation(definition: WorkflowDefinition): Finding[] {
  return stagesOfKind(definition, 'promote').flatMap(([name, stage]) => {
    const reason = whyUnevaluated(definition, stage)
    return reason === undefined
      ? []
      : [finding('no-evaluation', ['stages', name, 'inputs', 'evaluation'], reason)]
  })
}

function whyUnevaluated({ stages }: WorkflowDefinition, stage: StageDefinition): string | undefined {
  const { model, evaluation } = stage.inputs
  if (evaluation === undefined) return 'the promotion waits for no evaluation'
  const producer = producerOf(evaluation)
  const evaluator = producer !== undefined && Object.hasOwn(stages, producer) ? stages[producer]! : undefined
  // A workflow within this one holds its own evaluation, and was linted when it was applied.
  if (evaluator?.kind === 'workflow') return undefined
  if (evaluator?.kind !== 'evaluate') return `${evaluation} is not what an evaluate stage gave`
  const judged = evaluator.inputs.model
  if (model === undefined || judged === undefined || originOf(stages, judged) === originOf(stages, model))
    return undefined
  return `${producer} evaluates ${judged}, but ${model} is promoted`
}

/** A deployment without any evaluation before it may be a first try; it says so. */
export function unevaluatedDeploy(definition: WorkflowDefinition): Finding[] {
  return stagesOfKind(definition, 'deploy').flatMap(([name]) => {
    const before = [...upstreamOf(definition.stages, name)].map((each) => definition.stages[each]?.kind)
    if (before.some((kind) => kind === 'evaluate' || kind === 'workflow')) return []
    const reason = 'no evaluate stage has to pass before what it deploys answers in production'
    return [finding('unevaluated-deploy', ['stages', name, 'needs'], reason)]
  })
}
