import type { WorkflowDefinition } from '../../definition.ts'
import { finding, type Finding } from '../finding.ts'
import { gateOf, stagesOfKind } from '../graph.ts'

/** Neither of the two that the gate compares has traffic on another route: it would never tell. */
export function canaryOfOtherRoute(definition: WorkflowDefinition): Finding[] {
  return stagesOfKind(definition, 'deploy').flatMap(([name, stage]) => {
    const gate = gateOf(stage, 'canary')
    const [deployed, judged] = [stage.with.route, gate?.params.route]
    if (!gate || judged === undefined || deployed === judged) return []
    const reason = `the canary of ${String(deployed)} is judged by the traffic of ${String(judged)}`
    return [
      finding('canary-of-other-route', ['stages', name, 'gates', gate.index, 'params', 'route'], reason),
    ]
  })
}
