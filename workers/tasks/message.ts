import * as z from 'zod'

/** Items of a mapped stage to work on. */
export const ItemsMessage = z.object({
  runId: z.string(),
  stage: z.string(),
  attempt: z.number().int(),
  items: z.array(z.number().int()),
})
export type ItemsMessage = z.infer<typeof ItemsMessage>
