import { setTimeout as sleep } from 'node:timers/promises'
import { startStackProcess, type StackProcess } from '../stack/stack-process.ts'
import type { Fault, Faults } from './faults/dice.ts'
import type { Kill } from './schedule.ts'

/** A stack that makes no step for so long is killed all the same: it may be waiting for a redelivery. */
const MAX_LIFE_MS = 4_000
const TICK_MS = 5
const POOLS = { 'chaos-pool': 2 }

/** The stack under fire: it can be killed and started again on the same state, and tells how far its engine comes. */
export interface ChaosStack {
  /** Of every start the same. */
  readonly url: string
  readonly key: string
  readonly starts: number
  readonly startSeconds: number[]
  readonly injected: Partial<Record<Fault, number>>
  readonly log: readonly string[]
  /** Starts it, with or without faults. */
  start(faults: boolean): Promise<void>
  kill(kill: Kill): Promise<void>
  /** Resolves when the engine has made no step for so long, or when `maxMs` are over. */
  quiet(ms: number, maxMs: number): Promise<boolean>
  stop(): Promise<void>
}

export function createChaosStack(
  stateDir: string,
  script: string,
  probabilities: Omit<Faults, 'boot'>,
): ChaosStack {
  let current: StackProcess | undefined
  const seen = { steps: 0, at: 0 }
  let starts = 0
  const startSeconds: number[] = []
  const injected: Partial<Record<Fault, number>> = {}
  const onLine = (line: string) => {
    if (line.endsWith('chaos step')) {
      seen.steps++
      seen.at = Date.now()
      return
    }
    const fault = /chaos fault (\S+)$/.exec(line)?.[1] as Fault | undefined
    if (fault) injected[fault] = (injected[fault] ?? 0) + 1
  }
  return {
    get url() {
      return current!.url
    },
    get key() {
      return current!.key
    },
    get starts() {
      return starts
    },
    get log() {
      return (current?.log ?? []).filter((line) => !/chaos (step|fault)/.test(line))
    },
    startSeconds,
    injected,
    async start(faults) {
      const began = Date.now()
      const none = { seed: probabilities.seed, d1: 0, repeated: 0, redelivered: 0, alarm: 0 }
      const vars = {
        FAULTS: JSON.stringify({ ...(faults ? probabilities : none), boot: starts }),
        POOLS: JSON.stringify(POOLS),
      }
      seen.steps = 0
      current = await startStackProcess(stateDir, { script, vars, onLine })
      starts++
      startSeconds.push((Date.now() - began) / 1000)
    },
    async kill({ steps: wanted, thenMs }) {
      const deadline = Date.now() + MAX_LIFE_MS
      while (seen.steps < wanted && Date.now() < deadline) await sleep(TICK_MS)
      await sleep(thenMs)
      if (!current!.isUp()) throw new Error(`the stack ended by itself:\n${this.log.slice(-50).join('\n')}`)
      await current!.kill()
    },
    async quiet(ms, maxMs) {
      const deadline = Date.now() + maxMs
      seen.at = Date.now()
      while (Date.now() < deadline) {
        if (Date.now() - seen.at > ms) return true
        await sleep(100)
      }
      return false
    },
    stop: async () => current?.stop(),
  }
}
