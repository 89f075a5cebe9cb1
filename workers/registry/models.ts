import * as z from 'zod'
import type { TokenPrice } from '../../domain/evaluation/spec.ts'
import type { Json } from '../../domain/json.ts'
import { parseRef } from '../../domain/ref.ts'
import { Serving, type RouteTarget } from '../../domain/routing/route.ts'

/** What the registry keeps of a model version that a training endpoint made. */
export const TrainedModel = z.object({
  key: z.string(),
  bytes: z.number().int(),
  format: z.literal('safetensors'),
  baseModel: z.string(),
  hyperparameters: z.record(z.string(), z.number()),
  metrics: z.record(z.string(), z.number()),
  hardware: z.string(),
  trainingSeconds: z.number(),
  serving: Serving,
})
export type TrainedModel = z.infer<typeof TrainedModel>

/** Of one that somebody else made and serves, such as a provider. Its version is the hash of this. */
export const HostedManifest = z.strictObject({ serving: Serving, note: z.string().exactOptional() })

export const ModelManifest = z.union([TrainedModel, HostedManifest])

/** Where a model version answers. */
export function servedTarget(ref: string, manifest: Json): RouteTarget {
  const { serving } = ModelManifest.parse(manifest)
  return { id: parseRef(ref).version.slice(0, 12), model: ref, ...serving }
}

/** What the tokens of a target cost, as evaluations count it. */
export function tokenPriceOf({ price }: RouteTarget): { price?: TokenPrice } {
  if (!price) return {}
  return { price: { inputUsdPerMTok: price.inputPerMTok, outputUsdPerMTok: price.outputPerMTok } }
}
