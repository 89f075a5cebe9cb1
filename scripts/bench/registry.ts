import { demo } from './demo.ts'
import { engineScale } from './engine-scale.ts'
import { engine } from './engine.ts'
import type { Bench } from './harness.ts'

export const BENCHES: Record<string, Bench> = { demo, engine, 'engine-scale': engineScale }
