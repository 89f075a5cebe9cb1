import * as z from 'zod'
import { Json } from '../json.ts'
import type { EvaluatorInfo } from './evaluator.ts'

/** Scored by the user's own service: a call that is signed by Standard Webhooks. */
export const httpEvaluator = {
  name: 'HttpEvaluator',
  version: '1',
  engine: 'http',
  summary: 'Your own service says how good the answer is.',
  inputs: [
    'messages',
    'context',
    'response',
    'expected',
    'reference',
    'schema',
    'tools',
    'toolCalls',
    'expectedToolCalls',
    'latencyMs',
    'costUsd',
  ],
  params: z.strictObject({
    /** A name in `EVALUATOR_ENDPOINTS`. */
    endpoint: z.string().min(1).max(100),
    path: z
      .string()
      .regex(/^\/[A-Za-z0-9._~/-]{0,199}$/, 'must be a path that starts with /')
      .refine((path) => !path.split('/').includes('..'), 'must not lead out of the endpoint’s URL')
      .default('/v1/evaluate'),
    /** Passed on as they are. */
    params: z.record(z.string(), Json).default({}),
  }),
} as const satisfies EvaluatorInfo

/** What such a service answers. */
export const HttpScore = z.object({
  score: z.number().min(0).max(1),
  reason: z.string().max(4000).exactOptional(),
  label: z.string().max(200).exactOptional(),
  evidence: z.record(z.string(), Json).exactOptional(),
  costUsd: z.number().min(0).exactOptional(),
})
export type HttpScore = z.infer<typeof HttpScore>
