import { demo } from './demo.ts'
import { engineScale } from './engine-scale.ts'
import { engine } from './engine.ts'
import { evaluatorsScale } from './evaluators-scale.ts'
import { evaluators } from './evaluators.ts'
import { failover } from './failover.ts'
import { gateway } from './gateway.ts'
import type { Bench } from './harness.ts'

export const BENCHES: Record<string, Bench> = {
  demo,
  engine,
  'engine-scale': engineScale,
  evaluators,
  'evaluators-scale': evaluatorsScale,
  failover,
  gateway,
}
