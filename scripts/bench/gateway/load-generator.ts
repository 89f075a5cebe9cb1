import { fork } from 'node:child_process'
import { join } from 'node:path'
import { stopperOf } from '../child-process.ts'
import type { Load, Loaded } from './load.ts'

export interface LoadGenerator {
  run(load: Load): Promise<Loaded>
  stop(): Promise<void>
}

/** The load generator, apart from this process, so that what is done here costs the callers nothing. */
export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, 'load.ts'))
  return {
    run: (load) =>
      new Promise((resolve, reject) => {
        const ended = (code: number | null) => reject(new Error(`the load generator ended with code ${code}`))
        child.once('exit', ended)
        child.once('message', (loaded: Loaded) => {
          child.off('exit', ended)
          resolve(loaded)
        })
        child.send(load)
      }),
    stop: stopperOf(child),
  }
}
