import type { WorkflowDefinition } from '../../definition.ts'
import type { Finding } from '../finding.ts'
import { approvalUnderLock } from './approval-under-lock.ts'
import { canaryOfOtherRoute } from './canary-of-other-route.ts'
import { deadStage } from './dead-stage.ts'
import { missingGates, noPiiGate } from './missing-gates.ts'
import { noEvaluation, unevaluatedDeploy } from './no-evaluation.ts'
import { noOwner } from './no-owner.ts'
import { offlineForOnline } from './offline-for-online.ts'
import { sharedPool } from './shared-pool.ts'
import { fewEvaluators, noThreshold } from './thin-evaluation.ts'
import { inconclusivePasses, toothlessGate } from './toothless-gate.ts'

/** A rule looks at a definition of the right shape. It may be one that cannot run: sources may name what is not there. */
export type Rule = (definition: WorkflowDefinition) => Finding[]

export const RULES: readonly Rule[] = [
  noOwner,
  noEvaluation,
  offlineForOnline,
  unevaluatedDeploy,
  fewEvaluators,
  noThreshold,
  toothlessGate,
  inconclusivePasses,
  missingGates,
  noPiiGate,
  sharedPool,
  approvalUnderLock,
  canaryOfOtherRoute,
  deadStage,
]
