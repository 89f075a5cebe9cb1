import * as z from 'zod'
import { Json } from '../json.ts'

/** A tool that was offered to the model: a function of the OpenAI API, without its envelope. */
export const Tool = z.object({
  name: z.string().min(1).max(200),
  description: z.string().optional(),
  /** JSON Schema of the arguments. */
  parameters: z.record(z.string(), Json).optional(),
})
export type Tool = z.infer<typeof Tool>

/** A call that the model made. */
export const ToolCall = z.object({
  name: z.string(),
  arguments: z.record(z.string(), Json),
  /** True when the tool answered with an error, or when the arguments were no JSON object: nothing came of the call. */
  failed: z.boolean().exactOptional(),
})
export type ToolCall = z.infer<typeof ToolCall>

/** A call that is due, with the values that each argument may have. */
export const ExpectedToolCall = z.object({
  name: z.string(),
  /**
   * Accepted values by argument; an argument that is not named here must not be given. Inside an accepted object, a list
   * stands for the values that the field may have, and `""` among them lets the field be left out; or it stands for itself.
   */
  arguments: z.record(z.string(), z.array(Json).min(1)),
  /** Arguments that may be left out. */
  optional: z.array(z.string()).default([]),
})
export type ExpectedToolCall = z.infer<typeof ExpectedToolCall>

/** A call that is due exactly so. */
export function exactly({ name, arguments: given }: Pick<ToolCall, 'name' | 'arguments'>): ExpectedToolCall {
  return {
    name,
    arguments: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, [value]])),
    optional: [],
  }
}
