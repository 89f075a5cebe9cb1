import { seededIndex } from '../../../domain/statistics/random.ts'

/** How likely each fault is, from 0 to 1, each time that it could happen. */
export interface Faults {
  seed: number
  /** Of each start of the stack its own number: a new process must not repeat the faults of the last. */
  boot: number
  /** A statement or batch of D1 fails before it is carried out, or after. */
  d1: number
  /** A message is delivered once more, together with or long after the first time. */
  repeated: number
  /** A message that was handled is delivered anew, as if its handling had not been acknowledged in time. */
  redelivered: number
  /** An alarm fails after it has done its work. */
  alarm: number
}
export type Fault = 'd1.before' | 'd1.after' | 'queue.repeated' | 'queue.redelivered' | 'alarm.after'

const RESOLUTION = 1_000_000
let draw: ((n: number) => number) | undefined

function faultsOf(env: object): Faults {
  return JSON.parse((env as { FAULTS: string }).FAULTS) as Faults
}

/** Whether the fault happens now. One that does is told on the log, which whoever runs this reads. */
export function strikes(env: object, fault: Fault, probability: (faults: Faults) => number): boolean {
  const faults = faultsOf(env)
  draw ??= seededIndex(faults.seed * 1_000 + faults.boot)
  const hit = draw(RESOLUTION) < probability(faults) * RESOLUTION
  if (hit) console.log(`chaos fault ${fault}`)
  return hit
}

/** Milliseconds below `max`. */
export function drawMs(max: number): number {
  return draw?.(max) ?? 0
}

/** Tells that the engine has come one step further: kills are counted from these. */
export function step(): void {
  console.log('chaos step')
}
