import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long a stack that was just ended may hold its ports. */
const PATIENCE_MS = 3_000
const POLL_MS = 100

/**
 * Waits until nothing listens on these ports of 127.0.0.1, given by what they are for.
 *
 * @throws Error that names the ports that stay taken
 */
export async function untilFree(ports: Readonly<Record<string, number>>): Promise<void> {
  const started = Date.now()
  for (;;) {
    const free = await Promise.all(Object.values(ports).map(isFree))
    const taken = Object.entries(ports).filter((_, index) => !free[index])
    if (taken.length === 0) return
    if (Date.now() - started > PATIENCE_MS) throw new Error(complaint(taken))
    await sleep(POLL_MS)
  }
}

function complaint(taken: readonly [string, number][]): string {
  const named = taken.map(([name, port]) => `${port} (${name})`).join(', ')
  return `Something listens on ${named} already: another stack, or what one left behind that was killed without its children. End it, or give other ports and another --state`
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  } catch {
    return false
  }
  await new Promise((resolve) => server.close(resolve))
  return true
}
