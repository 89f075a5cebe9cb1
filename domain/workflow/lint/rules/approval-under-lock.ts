import { contractOf } from '../../../stages/contracts.ts'
import type { WorkflowDefinition } from '../../definition.ts'
import { finding, type Finding } from '../finding.ts'
import { gateOf } from '../graph.ts'

/** A stage that takes effect holds its gate lock while its gates are judged: a person may think for days. */
export function approvalUnderLock({ stages }: WorkflowDefinition): Finding[] {
  return Object.entries(stages).flatMap(([name, stage]) => {
    const gate = contractOf(stage.kind).takesEffect ? gateOf(stage, 'approval') : undefined
    if (!gate) return []
    const reason = `the ${stage.kind} stage holds the gate lock of what it changes while a person decides, and every other run waits`
    return [finding('approval-under-lock', ['stages', name, 'gates', gate.index], reason)]
  })
}
