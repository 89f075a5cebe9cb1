import type { Json } from '../../domain/json.ts'
import { attemptFailed } from '../../domain/run/report.ts'
import type { Env } from '../env.ts'
import { lineage } from '../lineage/db.ts'
import { deadLetters } from '../lineage/schema.ts'
import { StageMessage } from '../stages/message.ts'
import { projectOf, queueOf } from './letter.ts'

/** Keeps a message that failed every retry, and tells the run it belongs to, so that nothing waits for it in silence. */
export async function keepDeadLetter(env: Env, id: string, body: unknown): Promise<void> {
  await lineage(env.LINEAGE)
    .insert(deadLetters)
    .values({
      deadLetterId: `dl_${id}`,
      projectId: await projectOf(env, body ?? {}),
      queue: queueOf(body) ?? 'unknown',
      body: (body ?? null) as Json,
      at: Date.now(),
    })
    .onConflictDoNothing()
  const message = StageMessage.safeParse(body)
  // What ends a run or undoes a stage is sent again by the run itself until it works.
  if (!message.success || message.data.action === 'ended' || message.data.action === 'compensate') return
  const { runId, effectId, stage, attempt, action } = message.data
  const run = env.WORKFLOW_RUN.getByName(runId)
  // Who cannot be told to stop is not told for ever: the attempt is over, and what it calls back is refused.
  if (action === 'cancel') return run.acknowledge(effectId)
  const fault = (await run.lastFault(stage, attempt)) ?? action
  const error = {
    code: 'queue.dead_letter',
    message: `the queue gave up: ${fault}; the message is kept as dead letter dl_${id}`,
  }
  const during = action === 'execute' ? 'work' : 'judgement'
  const failure = attemptFailed({ stage, attempt }, error, true, { during })
  await run.report([{ ...failure, dedupeKey: `dead-letter:${id}` }])
}
