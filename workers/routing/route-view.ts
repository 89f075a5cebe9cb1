import { targetRoles, type TargetRole } from '../../domain/routing/target-roles.ts'
import type { ActiveRoute } from '../../durable-objects/route-registry.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { gatesThatLetIn, type PassedGate } from '../lineage/let-in.ts'

export interface TargetView {
  id: string
  role: TargetRole
  model: string
  provider: string
  servedModel: string
  baseUrl: string
  secret: string
  share: number
  /** Empty when none let it in; null while the lineage database does not answer. */
  gates: PassedGate[] | null
}

/** Who answers for a route, and which gates let each of them in. */
export async function targetViews(env: Env, project: string, active: ActiveRoute): Promise<TargetView[]> {
  const placed = targetRoles(active.spec)
  const gates = await gatesOf(
    env,
    project,
    active.route,
    placed.map(({ target }) => target.model),
  )
  return placed.map(({ target, role, share }) => {
    const { id, model, provider = 'openai', servedModel, baseUrl, secret } = target
    return {
      id,
      role,
      model,
      provider,
      servedModel,
      baseUrl,
      secret,
      share,
      gates: gates && (gates.get(model) ?? []),
    }
  })
}

/** A route can be looked at, and rolled back, while the lineage database is down. */
async function gatesOf(
  env: Env,
  project: string,
  route: string,
  models: readonly string[],
): Promise<Map<string, PassedGate[]> | null> {
  try {
    return await gatesThatLetIn(lineage(env.LINEAGE), { project, route, models: [...new Set(models)] })
  } catch (error) {
    console.error({ message: 'gates of a route not read', route, error: String(error) })
    return null
  }
}
