import * as z from 'zod'

export const EvaluationMessage = z.object({ evaluationId: z.string(), chunk: z.number().int() })
export type EvaluationMessage = z.infer<typeof EvaluationMessage>
