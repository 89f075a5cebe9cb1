import type { Env } from '../env.ts'
import { randomHex } from '../ids.ts'

/**
 * Moves a route for a person, before everyone who waits for its gate lock. A run that held the lock finds its token
 * refused.
 */
export async function withRouteLock<T>(
  env: Env,
  { project, route, actor }: { project: string; route: string; actor: string },
  move: (fence: number) => Promise<T>,
): Promise<T> {
  const lock = env.GATE_LOCK.getByName(`${project}/route:${route}`)
  // One person may send two moves at once: neither gives the other's lock back.
  const holder = `${actor} ${randomHex(4)}`
  const { token } = await lock.preempt(holder)
  try {
    return await move(token)
  } finally {
    // The route has moved, or has not: a lock that is not given back lapses by itself.
    await lock.release(holder).catch((error: unknown) => {
      console.error({ message: 'gate lock not released', route, error: String(error) })
    })
  }
}
