import { demo } from './demo.ts'
import type { Bench } from './harness.ts'

export const BENCHES: Record<string, Bench> = { demo }
