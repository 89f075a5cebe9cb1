import type { EvidenceOf, GateName } from '../../domain/gates/registry.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import type { Env } from '../env.ts'
import { loadCanary } from '../gates/evidence/canary.ts'
import { loadCoverage, loadNoRegression, loadThreshold } from '../gates/evidence/evaluation.ts'
import { loadFreshness } from '../gates/evidence/freshness.ts'
import type { Loader } from '../gates/evidence/loader.ts'
import { loadOnline } from '../gates/evidence/online.ts'
import { loadProductionShaped } from '../gates/evidence/production-shaped.ts'
import { loadRollbackReady, loadSingleChange } from '../gates/evidence/route-change.ts'

/** What each gate looks at. A stage leaves the gate's numbers in its outputs where only it could count them. */
const LOADERS: { [G in GateName]: Loader<G> } = {
  'data-quality': async (_env, { outputs }) => outputs.profile as unknown as EvidenceOf<'data-quality'>,
  'pii-residual': async (_env, { outputs }) => outputs.redaction as unknown as EvidenceOf<'pii-residual'>,
  freshness: loadFreshness,
  coverage: loadCoverage,
  threshold: loadThreshold,
  'no-regression': loadNoRegression,
  'single-change': loadSingleChange,
  'production-shaped': loadProductionShaped,
  'rollback-ready': loadRollbackReady,
  // A person has the evidence in front of them.
  approval: async () => ({}),
  canary: loadCanary,
  online: loadOnline,
}

/**
 * What a gate looks at. Gates whose attempts share an error budget get their attempt with it: tell `recordAttempt` what
 * they found.
 */
export function gateEvidence(env: Env, gate: string, context: StageContext): Promise<unknown> {
  return LOADERS[gate as GateName](env, context)
}
