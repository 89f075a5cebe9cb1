import type { WorkflowDefinition } from '../../definition.ts'
import type { StageDefinition } from '../../stage.ts'
import { finding, type Finding, type FindingCode } from '../finding.ts'
import { gateOf, stagesOfKind, upstreamOf } from '../graph.ts'

/** Gates without which a stage that changes production goes ahead on trust. */
const WANTED: readonly { kind: StageDefinition['kind']; gate: string; code: FindingCode; reason: string }[] =
  [
    {
      kind: 'promote',
      gate: 'no-regression',
      code: 'no-regression-gate',
      reason: 'nothing compares the candidate with what is in production',
    },
    {
      kind: 'deploy',
      gate: 'rollback-ready',
      code: 'no-rollback',
      reason: 'nothing checks that the version before still answers, to be rolled back to',
    },
    {
      kind: 'deploy',
      gate: 'single-change',
      code: 'several-changes',
      reason:
        'model, prompt, tools, retriever and route may change at once, and a regression would have no cause',
    },
  ]

export function missingGates(definition: WorkflowDefinition): Finding[] {
  return WANTED.flatMap(({ kind, gate, code, reason }) =>
    stagesOfKind(definition, kind)
      .filter(([, stage]) => !gateOf(stage, gate))
      .map(([name]) => finding(code, ['stages', name, 'gates'], reason)),
  )
}

/** What trains has seen a check for personal data by another detector than the redactor’s. */
export function noPiiGate(definition: WorkflowDefinition): Finding[] {
  const checked = Object.entries(definition.stages).filter(([, stage]) => gateOf(stage, 'pii-residual'))
  return stagesOfKind(definition, 'train').flatMap(([name]) => {
    const before = upstreamOf(definition.stages, name)
    if (checked.some(([each]) => before.has(each))) return []
    const reason = 'no pii-residual gate has to pass before rows go to a training endpoint'
    return [finding('no-pii-gate', ['stages', name, 'inputs', 'dataset'], reason)]
  })
}
