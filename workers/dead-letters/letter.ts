import { eq } from 'drizzle-orm'
import * as z from 'zod'
import { EvaluationMessage } from '../evaluation/message.ts'
import { SpanMessage, SpansMessage } from '../ingest/spans.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { evaluations } from '../lineage/schema.ts'
import { StageMessage } from '../stages/message.ts'
import { ItemsMessage } from '../tasks/message.ts'

/** Each queue by the shape of its messages: a dead letter does not say where it comes from. */
const QUEUES = {
  'sluice-stages': { message: StageMessage, binding: 'STAGES' },
  'sluice-items': { message: ItemsMessage, binding: 'ITEMS' },
  'sluice-evaluation': { message: EvaluationMessage, binding: 'EVALUATION' },
  'sluice-spans': { message: z.union([SpansMessage, SpanMessage]), binding: 'SPANS' },
} as const satisfies Record<string, { message: z.ZodType; binding: keyof Env }>

export type QueueName = keyof typeof QUEUES
export const QUEUE_NAMES = Object.keys(QUEUES) as QueueName[]

/** The queue that a message came through; nothing when it is none of ours. */
export function queueOf(body: unknown): QueueName | undefined {
  return QUEUE_NAMES.find((queue) => QUEUES[queue].message.safeParse(body).success)
}

export function sendAgain(env: Env, queue: QueueName, body: unknown): Promise<unknown> {
  return (env[QUEUES[queue].binding] as Queue).send(body)
}

/** The project that a message belongs to, as far as it tells. */
export async function projectOf(env: Env, body: unknown): Promise<string | null> {
  const { runId, evaluationId, project } = body as Record<string, unknown>
  if (typeof project === 'string') return project
  if (typeof runId === 'string') return (await env.WORKFLOW_RUN.getByName(runId).run())?.project ?? null
  if (typeof evaluationId !== 'string') return null
  const [row] = await lineage(env.LINEAGE)
    .select({ project: evaluations.projectId })
    .from(evaluations)
    .where(eq(evaluations.evaluationId, evaluationId))
  return row?.project ?? null
}
