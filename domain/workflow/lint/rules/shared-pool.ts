import type { WorkflowDefinition } from '../../definition.ts'
import { finding, type Finding } from '../finding.ts'
import { stagesOfKind, upstreamOf } from '../graph.ts'

/** Training that takes the slots of serving stops a deployment, or its rollback, when it is needed most. */
export function sharedPool(definition: WorkflowDefinition): Finding[] {
  const { stages } = definition
  const serving = Object.keys(stages).filter((name) => {
    const { kind } = stages[name]!
    if (kind === 'deploy' || kind === 'monitor') return true
    const before = [...upstreamOf(stages, name)].map((each) => stages[each]?.kind)
    return kind === 'task' && before.includes('deploy')
  })
  return stagesOfKind(definition, 'train').flatMap(([name, { pool }]) => {
    const other = serving.find((each) => pool !== undefined && stages[each]!.pool === pool)
    if (other === undefined) return []
    return [
      finding(
        'shared-pool',
        ['stages', name, 'pool'],
        `it trains on the pool ${pool}, on which ${other} serves`,
      ),
    ]
  })
}
