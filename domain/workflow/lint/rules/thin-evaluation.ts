import type { WorkflowDefinition } from '../../definition.ts'
import { finding, type Finding } from '../finding.ts'
import { gateOf, stagesOfKind, upstreamOf, type NamedStage } from '../graph.ts'

/** Fewer than this many evaluators see only one side of an answer. */
const MIN_EVALUATORS = 2

/** Every evaluation that leads to a promotion demands at least two evaluators. */
export function fewEvaluators(definition: WorkflowDefinition): Finding[] {
  return decisiveEvaluations(definition).flatMap(([name, stage]) => {
    const gate = gateOf(stage, 'coverage')
    const at = ['stages', name, 'gates']
    if (!gate)
      return [finding('few-evaluators', at, 'no coverage gate counts the evaluators that decide a promotion')]
    const min = gate.params.minEvaluators
    if (typeof min !== 'number' || min >= MIN_EVALUATORS) return []
    const place = [...at, gate.index, 'params', 'minEvaluators']
    return [
      finding('few-evaluators', place, `${min} evaluator is enough for this gate, and decides a promotion`),
    ]
  })
}

/** Scores that no limit is held against decide nothing. */
export function noThreshold(definition: WorkflowDefinition): Finding[] {
  return stagesOfKind(definition, 'promote').flatMap(([name, stage]) => {
    const before = upstreamOf(definition.stages, name)
    const evaluations = stagesOfKind(definition, 'evaluate').filter(([each]) => before.has(each))
    const judging = [stage, ...evaluations.map(([, each]) => each)]
    if (evaluations.length === 0 || judging.some((each) => gateOf(each, 'threshold'))) return []
    const reason = 'neither the promotion nor an evaluation before it has a threshold that scores must reach'
    return [finding('no-threshold', ['stages', name, 'gates'], reason)]
  })
}

function decisiveEvaluations(definition: WorkflowDefinition): NamedStage[] {
  const before = stagesOfKind(definition, 'promote').map(([name]) => upstreamOf(definition.stages, name))
  return stagesOfKind(definition, 'evaluate').filter(([name]) => before.some((each) => each.has(name)))
}
