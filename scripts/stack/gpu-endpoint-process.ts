import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { ROOT } from './build.ts'
import type { Settings } from './settings.ts'

/** Starts the reference GPU endpoint as a process of its own, and waits until it says that it is ready. */
export async function startGpuEndpoint(
  stateDir: string,
  { gpuPort, gpuSigningSecret, gpuKey }: Settings,
  log: (line: string) => void,
): Promise<{ url: string; process: ChildProcess }> {
  const child = spawn(
    process.execPath,
    [
      join(ROOT, 'scripts/gpu-endpoint/main.ts'),
      '--port',
      String(gpuPort),
      '--state',
      join(stateDir, 'gpu-endpoint'),
    ],
    {
      env: { ...process.env, GPU_ENDPOINT_SIGNING_SECRET: gpuSigningSecret, GPU_ENDPOINT_KEY: gpuKey },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  createInterface({ input: child.stderr }).on('line', log)
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('{')) resolve((JSON.parse(line) as { url: string }).url)
    })
    child.once('exit', (code) =>
      reject(new Error(`the reference GPU endpoint ended with code ${code} before it was ready`)),
    )
  })
  return { url, process: child }
}
