import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { ROOT } from './build.ts'

export interface EndpointProcess {
  url: string
  process: ChildProcess
}

/** Starts a reference endpoint as a process of its own, and waits until it says that it is ready. */
export async function startEndpoint(
  name: 'gpu-endpoint' | 'task-endpoint',
  { stateDir, port, secrets }: { stateDir: string; port: number; secrets: Record<string, string> },
  log: (line: string) => void,
): Promise<EndpointProcess> {
  const script = join(ROOT, 'scripts', name, 'main.ts')
  const child = spawn(process.execPath, [script, '--port', String(port), '--state', join(stateDir, name)], {
    env: { ...process.env, ...secrets },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // However this process ends, the endpoint must not outlive it: it would keep the port.
  const orphaned = () => child.kill('SIGKILL')
  process.once('exit', orphaned)
  child.once('exit', () => process.off('exit', orphaned))
  createInterface({ input: child.stderr }).on('line', log)
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.once('exit', (code) =>
      reject(new Error(`the reference ${name} ended with code ${code} before it was ready`)),
    )
  })
  return { url, process: child }
}
