import { waitUntil } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import { fireTriggers, type Happening } from './fire.ts'

/**
 * Tells the triggers after what happened is done with: they neither fail nor slow it. What is lost here is found by the
 * cron of the next minute.
 */
export function announce(env: Env, happening: Happening): void {
  waitUntil(
    fireTriggers(env, happening).catch((error: unknown) =>
      console.error({ message: 'triggers not fired yet', happening, error: String(error) }),
    ),
  )
}
