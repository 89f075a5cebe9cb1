import type { WorkflowDefinition } from '../../definition.ts'
import { producerOf } from '../../source.ts'
import type { StageDefinition } from '../../stage.ts'
import { finding, type Finding } from '../finding.ts'
import { originOf, upstreamOf } from '../graph.ts'

/** Gates that are judged on the scores of production traffic. */
const ONLINE_GATES: readonly string[] = ['online', 'canary']

/**
 * An online gate on a model that this very run makes, before any stage has put it before traffic: only offline verdicts
 * could be there, and none of them counts.
 */
export function offlineForOnline(definition: WorkflowDefinition): Finding[] {
  return Object.entries(definition.stages).flatMap(([name, stage]) => {
    if (mayHaveTraffic(definition, name, stage)) return []
    return stage.gates.flatMap(({ gate }, index) => {
      if (!ONLINE_GATES.includes(gate)) return []
      const reason = `${gate} asks for scores of production traffic, and ${stage.inputs.model} has offline evaluations only when the gate is judged`
      return [finding('offline-for-online', ['stages', name, 'gates', index], reason)]
    })
  })
}

function mayHaveTraffic({ stages }: WorkflowDefinition, name: string, stage: StageDefinition): boolean {
  const { model } = stage.inputs
  // A monitor watches a route that stands, and a model that is no stage's output may be on one since long.
  if (model === undefined || producerOf(originOf(stages, model)) === undefined) return true
  const before = [...upstreamOf(stages, name)].map((each) => stages[each]?.kind)
  return before.some((kind) => kind === 'deploy' || kind === 'workflow')
}
