import { chunkResult, marksOf } from '../../domain/evaluation/chunk-result.ts'
import type { RowScores } from '../../domain/evaluation/score.ts'
import type { Env } from '../env.ts'
import { keys } from '../registry/keys.ts'
import { gzipNdjson, readNdjson } from '../registry/ndjson.ts'
import type { EvaluationMessage } from './message.ts'
import { scoreWork } from './score-rows.ts'

const HEARTBEAT_MS = 5_000

/**
 * Answers and scores the rows of one chunk. The first score shard of a chunk stays, and what is reported are its sums:
 * a model that answers differently the second time changes nothing, and a redelivered message adds nothing.
 */
export async function scoreChunk(env: Env, { evaluationId, chunk }: EvaluationMessage): Promise<void> {
  const evaluationRun = env.EVALUATION_RUN.getByName(evaluationId)
  const job = await evaluationRun.work(chunk)
  if (!job) return
  const { spec, work } = job
  let isNeeded = true
  const alive = setInterval(() => {
    evaluationRun.heartbeat(chunk).then(
      (needed) => (isNeeded = needed),
      // The next one may get through; without any, the chunk is sent to somebody else.
      () => undefined,
    )
  }, HEARTBEAT_MS)
  try {
    const scored = await scoreWork(env, spec, work, () => isNeeded)
    if (!scored) return
    const rows = await storeOnce(env, keys.scores(spec.project, evaluationId, chunk), scored)
    const result = chunkResult(rows, marksOf(spec.passMarks))
    await evaluationRun.report(chunk, spec.mode === 'offline' ? result : { ...result, answered: [] })
  } catch (error) {
    // Without this, the chunk is sent again once its lease has run out.
    await evaluationRun.failed(chunk, String(error)).catch(() => undefined)
    throw error
  } finally {
    clearInterval(alive)
  }
}

/** Stores a score shard where there is none yet. Answers the rows of the one that is there. */
async function storeOnce(env: Env, key: string, rows: RowScores[]): Promise<RowScores[]> {
  const shard = await gzipNdjson(rows.map((row) => JSON.stringify(row)))
  const stored = await env.ARTIFACTS.put(key, shard, { onlyIf: new Headers({ 'if-none-match': '*' }) })
  return stored ? rows : readNdjson<RowScores>(env.ARTIFACTS, key)
}
