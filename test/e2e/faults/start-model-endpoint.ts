import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface ModelEndpoint {
  port: number
  /** Ends in `/v1`. */
  baseUrl: string
  /** Requests by model: those that are open, and those that the gateway hung up on. */
  seen(): Promise<{ open: Record<string, number>; hungUp: Record<string, number> }>
  /** SIGKILL: its sockets are gone at once. */
  kill(): Promise<void>
}

/** model-endpoint.ts as a process; on a port of its own, or again on the one it had before. */
export async function startModelEndpoint(name: string, port = 0): Promise<ModelEndpoint> {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'model-endpoint.ts'), name, String(port)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const orphaned = () => child.kill('SIGKILL')
  process.once('exit', orphaned)
  const exited = once(child, 'exit')
  const [printed] = (await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error(`the endpoint ${name} did not start`))),
  ])) as [Buffer]
  const listens = Number(printed.toString())
  const url = `http://127.0.0.1:${listens}`
  return {
    port: listens,
    baseUrl: `${url}/v1`,
    async seen() {
      return (await fetch(`${url}/seen`)).json() as ReturnType<ModelEndpoint['seen']>
    },
    async kill() {
      process.off('exit', orphaned)
      child.kill('SIGKILL')
      await exited
    },
  }
}
