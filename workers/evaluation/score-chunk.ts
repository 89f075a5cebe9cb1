import { Example } from '../../domain/dataset/example.ts'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import { NO_COHORT, scoreRow, sumByCohort, type RowScores } from '../../domain/evaluation/score.ts'
import type { EvaluationChunk, EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { EvaluatorInput } from '../../domain/evaluators/evaluator.ts'
import type { Env } from '../env.ts'
import { readTraces } from '../ingest/spans.ts'
import { MAX_CONNECTIONS, mapConcurrently } from '../concurrency.ts'
import { keys } from '../registry/keys.ts'
import { gzipNdjson, readNdjson } from '../registry/ndjson.ts'
import { askModel } from '../routing/call-model.ts'
import type { EvaluationMessage } from './message.ts'

const HEARTBEAT_MS = 5_000

/**
 * Answers and scores the rows of one chunk. The score shard has the chunk's own key and the fan-in counts a chunk once:
 * a redelivered message writes the same again and adds nothing.
 */
export async function scoreChunk(env: Env, { evaluationId, chunk }: EvaluationMessage): Promise<void> {
  const evaluationRun = env.EVALUATION_RUN.getByName(evaluationId)
  const job = await evaluationRun.work(chunk)
  if (!job) return
  const { spec, work } = job
  const alive = setInterval(() => void evaluationRun.heartbeat(chunk), HEARTBEAT_MS)
  const rows = await scoreWork(env, spec, work).finally(() => clearInterval(alive))
  const shard = await gzipNdjson(rows.map((row) => JSON.stringify(row)))
  await env.ARTIFACTS.put(keys.scores(spec.project, evaluationId, chunk), shard)
  await evaluationRun.report(chunk, rows.length, sumByCohort(rows))
}

function scoreWork(env: Env, spec: EvaluationSpec, work: EvaluationChunk): Promise<RowScores[]> {
  return 'traces' in work ? scoreTraces(env, spec, work.traces) : scoreShard(env, spec, work)
}

async function scoreShard(
  env: Env,
  spec: EvaluationSpec,
  { shardKey, from, to }: Extract<EvaluationChunk, { shardKey: string }>,
): Promise<RowScores[]> {
  const rows = await readNdjson<DatasetRow>(env.ARTIFACTS, shardKey)
  return mapConcurrently(rows.slice(from, to), MAX_CONNECTIONS, async (row) => {
    const example = Example.parse(row.data)
    const cohort = row.cohort ?? NO_COHORT
    const answer = await askModel(env, spec.candidate!, example.prompt, spec.headersMs)
    if ('error' in answer) return unanswered(spec, row.id, cohort, answer.error)
    const input: EvaluatorInput = {
      messages: example.prompt.filter(({ role }) => role !== 'system'),
      context: example.context,
      response: answer.text,
      expected: example.completion,
    }
    return { rowId: row.id, cohort, response: answer.text, scores: scoreRow(spec.metrics, spec.suite, input) }
  })
}

async function scoreTraces(
  env: Env,
  spec: EvaluationSpec,
  sampled: Extract<EvaluationChunk, { traces: unknown }>['traces'],
): Promise<RowScores[]> {
  const traces = await readTraces(env, sampled)
  return sampled.map(({ traceId, cohort }) => {
    const trace = traces.get(traceId)
    if (!trace) return unanswered(spec, traceId, cohort, 'the spans of the trace are gone')
    if (trace.response === null) return unanswered(spec, traceId, cohort, 'the trace has no answer')
    const input = { messages: trace.messages, context: trace.context, response: trace.response }
    return {
      rowId: traceId,
      cohort,
      response: trace.response,
      scores: scoreRow(spec.metrics, spec.suite, input),
    }
  })
}

/** A row without an answer is an error in every metric: never a 0. */
function unanswered(spec: EvaluationSpec, rowId: string, cohort: string, error: string): RowScores {
  return { rowId, cohort, scores: Object.fromEntries(spec.metrics.map(({ metric }) => [metric, { error }])) }
}
