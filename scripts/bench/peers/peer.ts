import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../stack/settings.ts'

const POLL_MS = 100

/** A gateway of somebody else in a process of its own. */
export interface Peer {
  /** Ends in `/v1`. */
  baseUrl: string
  pid: number
  stop(): void
}

/**
 * Starts a gateway on a free port, and waits until a path of it is answered well.
 *
 * @throws Error when it ends, or is not ready in time
 */
export async function startPeer(
  command: string,
  argsFor: (port: number) => string[],
  { env, readyAt, timeoutMs }: { env: Record<string, string>; readyAt: string; timeoutMs: number },
): Promise<Peer> {
  const port = await freePort()
  const child = spawn(command, argsFor(port), { env: { ...process.env, ...env }, stdio: 'ignore' })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = () => {
    process.off('exit', kill)
    kill()
  }
  const url = `http://127.0.0.1:${port}`
  const deadline = Date.now() + timeoutMs
  while (!(await isReady(`${url}${readyAt}`))) {
    if (Date.now() >= deadline || child.exitCode !== null) {
      stop()
      throw new Error('its server did not start')
    }
    await sleep(POLL_MS)
  }
  return { baseUrl: `${url}/v1`, pid: child.pid!, stop }
}

async function isReady(url: string): Promise<boolean> {
  return fetch(url).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok
    },
    () => false,
  )
}
