import type { Json } from '../domain/json.ts'
import { EvaluationMessage } from './evaluation/message.ts'
import type { Env } from './env.ts'
import { lineage } from './lineage/db.ts'
import { deadLetters } from './lineage/schema.ts'
import { StageMessage } from './stages/message.ts'

/** Keeps a message that failed every retry, and tells the run it belongs to, so that nothing waits for it in silence. */
export async function keepDeadLetter(env: Env, id: string, body: unknown): Promise<void> {
  const stage = StageMessage.safeParse(body)
  const evaluation = EvaluationMessage.safeParse(body)
  const queue = stage.success ? 'sluice-stages' : evaluation.success ? 'sluice-evaluation' : 'sluice-spans'
  await lineage(env.LINEAGE)
    .insert(deadLetters)
    .values({ deadLetterId: `dl_${id}`, queue, body: body as Json, at: Date.now() })
    .onConflictDoNothing()
  if (!stage.success || stage.data.action === 'compensate') return
  const { runId, effectId, stage: name, attempt, action } = stage.data
  // Who cannot be told to stop is not told for ever: the attempt is over, and what it calls back is refused.
  if (action === 'cancel') return env.WORKFLOW_RUN.getByName(runId).acknowledge(effectId)
  const message = `the queue gave up on the action ${action}; it is kept as dead letter dl_${id}`
  await env.WORKFLOW_RUN.getByName(runId).report([
    {
      dedupeKey: `dead-letter:${id}`,
      event: {
        type: 'stage.attempt_failed',
        stage: name,
        attempt,
        error: { code: 'queue.dead_letter', message },
        retryable: true,
      },
    },
  ])
}
