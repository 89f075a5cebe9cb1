import type * as z from 'zod'
import { GATES, type EvidenceOf, type GateName } from '../../../domain/gates/registry.ts'
import type { RouteVersion } from '../../../domain/routing/route.ts'
import type { StageContext } from '../../../durable-objects/workflow-run.ts'
import type { Env } from '../../env.ts'
import { lineage } from '../../lineage/db.ts'
import { getArtifact } from '../../registry/artifacts.ts'

/** Brings what a gate looks at. */
export type Loader<G extends GateName> = (env: Env, context: StageContext) => Promise<EvidenceOf<G>>

export type ParamsOf<G extends GateName> = z.output<(typeof GATES)[G]['params']>

/** The parameters of a gate on this stage, with their defaults. */
export function gateParams<G extends GateName>(gate: G, { definition }: StageContext): ParamsOf<G> {
  const given = definition.gates.find((each) => each.gate === gate)
  return GATES[gate].params.parse(given?.params ?? {}) as ParamsOf<G>
}

/** Gates look at a reproduction as of the time of the run that it reproduces. */
export function momentOf({ run }: StageContext): number {
  return run.reproduces?.createdAt ?? Date.now()
}

/** The evaluation that a stage made or was given. */
export function evaluationIdOf({ inputs, outputs }: StageContext): string {
  return (outputs.evaluation ?? inputs.evaluation) as string
}

export async function routeSpec(env: Env, context: StageContext, ref: string): Promise<RouteVersion> {
  return (await getArtifact(lineage(env.LINEAGE), context.run.project, ref))
    .manifest as unknown as RouteVersion
}
