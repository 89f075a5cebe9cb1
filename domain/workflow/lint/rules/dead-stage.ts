import { contractOf } from '../../../stages/contracts.ts'
import type { WorkflowDefinition } from '../../definition.ts'
import { producerOf } from '../../source.ts'
import { stageNeeds } from '../../stage.ts'
import { finding, type Finding } from '../finding.ts'
import { endingStages } from '../graph.ts'

/**
 * A stage that nothing waits for, beside others that get somewhere. Where no stage changes or watches production and
 * the workflow names no outputs, the last stages are what it is for.
 */
export function deadStage(definition: WorkflowDefinition): Finding[] {
  const { stages, outputs = {} } = definition
  const ending = endingStages(definition)
  const isAim = (name: string): boolean => {
    const { kind, rollback, outputs: given } = stages[name]!
    // A task that says it gives nothing is done for what it does.
    const isDeed = kind === 'task' && given === undefined
    return contractOf(kind).takesEffect === true || kind === 'monitor' || rollback !== undefined || isDeed
  }
  const read = new Set([
    ...Object.values(stages).flatMap(stageNeeds),
    ...Object.values(outputs).map((source) => producerOf(source)),
  ])
  const names = Object.keys(stages)
  if (Object.keys(outputs).length === 0 && !names.some(isAim)) return []
  return names
    .filter((name) => !read.has(name) && !isAim(name) && !ending.has(name))
    .map((name) =>
      finding(
        'dead-stage',
        ['stages', name],
        'nobody reads what it gives, and it neither changes nor watches production',
      ),
    )
}
