import type { WorkflowDefinition } from '../../definition.ts'
import { finding, type Finding } from '../finding.ts'

/** A blank owner is none. */
export function noOwner({ stages }: WorkflowDefinition): Finding[] {
  return Object.entries(stages)
    .filter(([, { owner }]) => owner.trim() === '')
    .map(([name]) => finding('no-owner', ['stages', name, 'owner'], 'nobody answers for the stage'))
}
