import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const ROOT = resolve(import.meta.dirname, '../..')

export interface StackProcess {
  url: string
  key: string
  gpuUrl: string
  gpuKey: string
  /** Everything that the stack has printed. */
  log: string[]
  /** SIGKILL to the stack and all its children, workerd and the endpoint included. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** `npm start` in a process group of its own, so that all of it can be killed at once. */
export async function startStackProcess(stateDir: string): Promise<StackProcess> {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'scripts/start.ts'), '--state', stateDir, '--no-dashboard', '--json'],
    {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const log: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => log.push(line))
  const ready = await new Promise<{ url: string; key: string; gpuUrl: string; gpuKey: string }>(
    (settle, reject) => {
      createInterface({ input: child.stdout! }).on('line', (line) => settle(JSON.parse(line)))
      child.once('exit', () => reject(new Error(`the stack did not start:\n${log.join('\n')}`)))
    },
  )
  return { ...ready, log, kill: () => end(child, 'SIGKILL'), stop: () => end(child, 'SIGTERM') }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  if (signal === 'SIGKILL') process.kill(-child.pid!, signal)
  else child.kill(signal)
  await exited
}
