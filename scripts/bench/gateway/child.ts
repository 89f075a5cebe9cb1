import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Load, Loaded } from './load.ts'

export interface Server {
  url: string
  pid: number
  stop(): Promise<void>
}

/** Starts a script of this folder that prints its URL once it is ready. */
export async function startServer(script: string, args: readonly string[] = []): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = stopperOf(child)
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.once('exit', (code) => reject(new Error(`${script} ended with code ${code} before it was ready`)))
  })
  return { url, pid: child.pid!, stop }
}

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

function stopperOf(child: ChildProcess): () => Promise<void> {
  const orphaned = () => child.kill('SIGKILL')
  process.once('exit', orphaned)
  child.once('exit', () => process.off('exit', orphaned))
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
}
