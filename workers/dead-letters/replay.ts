import { and, desc, eq, isNull, lt, or } from 'drizzle-orm'
import { ProblemError } from '../../domain/problem.ts'
import { TERMINAL_RUN } from '../../domain/run/state.ts'
import { DEFAULT_PROJECT, type Caller } from '../api/auth.ts'
import type { Env } from '../env.ts'
import { lineage, type Lineage } from '../lineage/db.ts'
import { auditEntries, deadLetters } from '../lineage/schema.ts'
import { queueOf, sendAgain } from './letter.ts'

/** A page of the letters of a project, newest first. Those that tell of no project are the first project's. */
export function listDeadLetters(db: Lineage, project: string, before: number, limit: number) {
  return db
    .select()
    .from(deadLetters)
    .where(and(ofProject(project), lt(deadLetters.at, before)))
    .orderBy(desc(deadLetters.at))
    .limit(limit)
}

/**
 * Sends a dead letter through its queue again. Receivers are idempotent: work that was done since is not done twice.
 *
 * @throws ProblemError `not.found`; `dead_letter.unknown` for what no queue of Sluice carries; `run.terminal` when the
 *   run that it belongs to has ended
 */
export async function replayDeadLetter(env: Env, caller: Caller, deadLetterId: string) {
  const db = lineage(env.LINEAGE)
  const [letter] = await db
    .select()
    .from(deadLetters)
    .where(and(ofProject(caller.project), eq(deadLetters.deadLetterId, deadLetterId)))
  if (!letter) throw new ProblemError('not.found', `There is no dead letter ${deadLetterId}`)
  const queue = queueOf(letter.body)
  if (!queue)
    throw new ProblemError('dead_letter.unknown', `No queue takes a message like that of ${deadLetterId}`)
  const { runId } = letter.body as { runId?: string }
  const described = runId === undefined ? undefined : await env.WORKFLOW_RUN.getByName(runId).describe()
  if (described && TERMINAL_RUN.has(described.state.status)) {
    const detail = `The run ${runId} has ${described.state.status}: rerun it instead`
    throw new ProblemError('run.terminal', detail)
  }
  const at = Date.now()
  await sendAgain(env, queue, letter.body)
  await db.batch([
    db.update(deadLetters).set({ replayedAt: at }).where(eq(deadLetters.deadLetterId, deadLetterId)),
    db.insert(auditEntries).values({
      auditId: `replay/${deadLetterId}/${at}`,
      projectId: caller.project,
      action: 'dead_letter.replayed',
      target: deadLetterId,
      actor: caller.keyId,
      runId: runId ?? null,
      reason: `sent through ${queue} again`,
      at,
    }),
  ])
  return { ...letter, replayedAt: at }
}

function ofProject(project: string) {
  const own = eq(deadLetters.projectId, project)
  return project === DEFAULT_PROJECT ? or(own, isNull(deadLetters.projectId)) : own
}
