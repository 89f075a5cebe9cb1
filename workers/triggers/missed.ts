import type { Env } from '../env.ts'
import { fireEach } from './fire.ts'
import { unfired } from './unfired.ts'

/** Fires what happened in any project and was not fired then: the process may have ended in between. */
export async function fireMissed(env: Env, now: number): Promise<void> {
  await fireEach(env, await unfired(env.LINEAGE, now), now)
}
