import { approval } from './approval.ts'
import { canary } from './canary.ts'
import { coverage } from './coverage.ts'
import { dataQuality } from './data-quality.ts'
import { freshness } from './freshness.ts'
import type { Gate } from './gate.ts'
import { noRegression } from './no-regression.ts'
import { online } from './online.ts'
import { piiResidual } from './pii-residual.ts'
import { productionShaped } from './production-shaped.ts'
import { rollbackReady } from './rollback-ready.ts'
import { singleChange } from './single-change.ts'
import { threshold } from './threshold.ts'

/** Every gate, by the name that definitions use. */
export const GATES = {
  'data-quality': dataQuality,
  'pii-residual': piiResidual,
  freshness,
  coverage,
  threshold,
  'no-regression': noRegression,
  'single-change': singleChange,
  'production-shaped': productionShaped,
  'rollback-ready': rollbackReady,
  approval,
  canary,
  online,
} as const

export type GateName = keyof typeof GATES
export type EvidenceOf<G extends GateName> = Parameters<(typeof GATES)[G]['evaluate']>[1]

/** A gate by name, or nothing. Parameters and evidence are checked by the gate's own schema and loader. */
export function gateSpec(name: string): Gate<unknown, unknown> | undefined {
  return Object.hasOwn(GATES, name)
    ? (GATES[name as GateName] as unknown as Gate<unknown, unknown>)
    : undefined
}
