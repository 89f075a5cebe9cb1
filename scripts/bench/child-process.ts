import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Server {
  url: string
  pid: number
  stop(): Promise<void>
}

/** Starts a script that prints `{"url": …}` once it is ready. */
export async function startServer(script: string, args: readonly string[] = []): Promise<Server> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = stopperOf(child)
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.once('exit', (code) => reject(new Error(`${script} ended with code ${code} before it was ready`)))
  })
  return { url, pid: child.pid!, stop }
}

/** Ends a child, and with this process in any case. */
export function stopperOf(child: ChildProcess): () => Promise<void> {
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
