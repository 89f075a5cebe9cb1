import { seededIndex } from '../../domain/statistics/random.ts'

export interface Kill {
  /** Steps of the engine that are waited for once the stack is up … */
  steps: number
  /** … and milliseconds after them. */
  thenMs: number
}

export interface Schedule {
  kills: Kill[]
  /** Of each run, the kill after which it is started. */
  starts: number[]
}

/** Steps before a kill: most come early, when a start has just begun to pick up what the last kill left. */
const MAX_STEPS = 240
const MAX_THEN_MS = 60
/** Runs are started over this share of the kills, so that no kill meets an idle stack. */
const START_SHARE = 0.8
/** Runs that are there from the beginning. */
const FIRST_RUNS = 3

/** When the stack is killed, and when runs are started. The same seed gives the same schedule. */
export function planChaos({ seed, runs, kills }: { seed: number; runs: number; kills: number }): Schedule {
  const draw = seededIndex(seed)
  return {
    kills: Array.from({ length: kills }, () => ({
      steps: 1 + Math.floor((draw(MAX_STEPS) * draw(MAX_STEPS)) / MAX_STEPS),
      thenMs: draw(MAX_THEN_MS),
    })),
    starts: Array.from({ length: runs }, (_, run) =>
      run < FIRST_RUNS ? 0 : Math.floor((run / runs) * kills * START_SHARE),
    ),
  }
}
