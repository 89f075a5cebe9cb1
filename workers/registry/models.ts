import * as z from 'zod'
import type { Json } from '../../domain/json.ts'
import { parseRef } from '../../domain/ref.ts'
import type { RouteTarget } from '../../domain/routing/route.ts'

/** What the registry keeps of a model version. */
export const ModelManifest = z.object({
  key: z.string(),
  bytes: z.number().int(),
  format: z.literal('safetensors'),
  baseModel: z.string(),
  hyperparameters: z.record(z.string(), z.number()),
  metrics: z.record(z.string(), z.number()),
  hardware: z.string(),
  trainingSeconds: z.number(),
  serving: z.object({ baseUrl: z.url(), servedModel: z.string(), secret: z.string() }),
})
export type ModelManifest = z.infer<typeof ModelManifest>

/** Where a model version answers. */
export function servedTarget(ref: string, manifest: Json): RouteTarget {
  const { serving } = ModelManifest.parse(manifest)
  return { id: parseRef(ref).version.slice(0, 12), model: ref, ...serving }
}
