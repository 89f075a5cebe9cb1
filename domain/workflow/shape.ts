import * as z from 'zod'
import { Json } from '../json.ts'
import { Name, Ref } from '../ref.ts'
import { PortName, Source } from './source.ts'
import { Stage } from './stage.ts'
import { Trigger } from './trigger.ts'

/** What a run is started with. An artifact is pinned to its version; a default may be an alias. */
const Input = z.union([
  z.strictObject({ kind: z.enum(['dataset', 'model', 'prompt', 'suite']), default: Ref.exactOptional() }),
  z.strictObject({ kind: z.literal('value'), default: Json.exactOptional() }),
])

/** The shape of a definition alone: what the published JSON Schema says. */
export const WorkflowShape = z.strictObject({
  name: Name,
  description: z.string().default(''),
  inputs: z.record(PortName, Input),
  stages: z.record(Name, Stage),
  /** What the run gives when it is a stage of another workflow. */
  outputs: z.record(PortName, Source).exactOptional(),
  /** A run that has not ended by then fails. */
  timeoutSeconds: z
    .number()
    .int()
    .min(1)
    .max(30 * 86_400)
    .exactOptional(),
  /** Runs of this workflow that may be under way at the same time; the others are queued. */
  concurrency: z.number().int().min(1).max(1000).exactOptional(),
  triggers: z.array(Trigger).exactOptional(),
})
export type WorkflowShape = z.infer<typeof WorkflowShape>
