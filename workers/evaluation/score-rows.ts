import { createHash } from 'node:crypto'
import type { DatasetRow } from '../../domain/dataset/row.ts'
import {
  evaluatorInput,
  rowInput,
  storedAnswer,
  unaskable,
  type RowInput,
} from '../../domain/evaluation/row-input.ts'
import { callRowId } from '../../domain/evaluation/call-id.ts'
import { NO_COHORT, type RowScores } from '../../domain/evaluation/score.ts'
import { answersAtOnce, type EvaluationChunk, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import type { EvaluatorInput, ScoreCost } from '../../domain/evaluators/evaluator.ts'
import { canonicalJson } from '../../domain/hash.ts'
import { parseRef } from '../../domain/ref.ts'
import { MAX_CONNECTIONS, mapConcurrently } from '../concurrency.ts'
import type { Env } from '../env.ts'
import { readSpans } from '../ingest/spans.ts'
import { ndjsonLines } from '../registry/ndjson-lines.ts'
import { askModel } from '../routing/call-model.ts'
import { tokenCost } from './engines/price.ts'
import { takeOver, type TakenRow } from './earlier-scores.ts'
import { scoreInput } from './score-input.ts'

/** Rows that rules score in one go; then whatever else waits has its turn. */
const ROWS_A_TURN = 25

type Shard = Extract<EvaluationChunk, { shardKey: string }>
type Traces = Extract<EvaluationChunk, { traces: unknown }>

/** Answers and scores the rows of a chunk; nothing when somebody says meanwhile that nobody needs them. */
export async function scoreWork(
  env: Env,
  spec: EvaluationSpec,
  work: EvaluationChunk,
  isNeeded: () => boolean,
): Promise<RowScores[] | undefined> {
  const tasks = 'traces' in work ? await traceTasks(env, spec, work) : await rowTasks(env, spec, work)
  const byRule = spec.metrics.every(({ engine }) => engine === 'rule') && spec.candidate === undefined
  const limit = byRule ? 1 : spec.candidate ? answersAtOnce(spec) : MAX_CONNECTIONS
  const rows = await mapConcurrently(tasks, limit, async (task, index) => {
    if (index % ROWS_A_TURN === ROWS_A_TURN - 1) await scheduler.wait(0)
    return isNeeded() ? task() : undefined
  })
  return rows.some((row) => row === undefined) ? undefined : (rows as RowScores[])
}

/** Answers and scores one row; does not throw for what is wrong with the row. */
type RowTask = () => Promise<RowScores>

async function rowTasks(env: Env, spec: EvaluationSpec, work: Shard): Promise<RowTask[]> {
  const items = await readRows(env, work)
  const hashes = items.map(({ rowHash }) => rowHash)
  const taken = spec.reuse && spec.reuse.length > 0 ? await takeOver(env, spec, hashes) : undefined
  const dataset = parseRef(spec.source).name
  return items.map((item) => () => scoreDatasetRow(env, spec, dataset, item, taken?.get(item.rowHash)))
}

type HashedRow = DatasetRow & { rowHash: string }

/** Only the lines that are asked for are parsed: a shard holds many chunks. */
async function readRows(env: Env, { shardKey, from, to }: Shard): Promise<HashedRow[]> {
  const rows: HashedRow[] = []
  let line = 0
  for await (const text of ndjsonLines(env.ARTIFACTS, shardKey)) {
    if (line >= from) {
      const row = JSON.parse(text) as DatasetRow
      rows.push({ ...row, rowHash: rowHashOf(row.data) })
    }
    line += 1
    if (line >= to) break
  }
  return rows
}

/** As `contentHash`, by the runtime's own SHA-256: in JavaScript it would take as long as an evaluator. */
function rowHashOf(data: DatasetRow['data']): string {
  return createHash('sha256').update(canonicalJson(data)).digest('hex')
}

async function scoreDatasetRow(
  env: Env,
  spec: EvaluationSpec,
  dataset: string,
  { id, cohort = NO_COHORT, data, rowHash }: HashedRow,
  taken: TakenRow | undefined,
): Promise<RowScores> {
  const base = { rowId: id, cohort, rowHash }
  const read = rowInput(data)
  if ('error' in read) return unanswered(spec, base, read.error)
  const named = read.conversation === undefined ? base : { ...base, conversation: read.conversation }
  const answer = spec.candidate ? await answerOf(env, spec, read, taken) : storedAnswer(read)
  if ('error' in answer) return unanswered(spec, named, answer.error)
  const { row = read, response, ...more } = answer as Answer & { row?: RowInput }
  const input = { ...evaluatorInput(row, response), ...evaluatorFacts(row, more) }
  const context = {
    project: spec.project,
    evaluationId: spec.evaluationId,
    suite: spec.suite,
    row: { dataset, rowId: id },
  }
  const known = taken?.scores ?? {}
  const missing = spec.metrics.filter(({ metric }) => !Object.hasOwn(known, metric))
  const fresh = missing.length > 0 ? await scoreInput(env, context, missing, input) : {}
  const scores = Object.fromEntries(
    spec.metrics.map(({ metric }) => [metric, known[metric] ?? fresh[metric]!]),
  )
  return { ...named, response, ...more, scores }
}

/** The answer to a row, and what it took. */
type Answer = Pick<RowScores, 'toolCalls' | 'answered'> & { response: string }

async function answerOf(
  env: Env,
  spec: EvaluationSpec,
  row: RowInput,
  taken: TakenRow | undefined,
): Promise<Answer | { error: string }> {
  if (taken) {
    const { response, toolCalls, answered } = taken.row
    const cost = { latencyMs: 0, costUsd: 0, ...answered, cached: true }
    return { response: response!, answered: cost, ...(toolCalls ? { toolCalls } : {}) }
  }
  const problem = unaskable(row)
  if (problem !== undefined) return { error: problem }
  const asked = await askModel(env, spec.candidate!, row.prompt, spec.headersMs, row.tools)
  if ('error' in asked) return asked
  const { text, toolCalls, latencyMs, inputTokens, outputTokens } = asked
  const answered: ScoreCost = {
    latencyMs,
    costUsd: spec.price ? tokenCost(spec.price, inputTokens ?? 0, outputTokens ?? 0) : 0,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  }
  return { response: text, answered, ...(toolCalls ? { toolCalls } : {}) }
}

/** What evaluators see of an answer beside its text. A cost that nobody knows is no cost of 0. */
function evaluatorFacts(row: RowInput, { toolCalls = row.toolCalls, answered }: Omit<Answer, 'response'>) {
  const facts: Pick<EvaluatorInput, 'toolCalls' | 'latencyMs' | 'costUsd'> = {}
  if (toolCalls) facts.toolCalls = toolCalls
  if (answered) facts.latencyMs = answered.latencyMs
  if (answered && answered.costUsd > 0) facts.costUsd = answered.costUsd
  return facts
}

async function traceTasks(env: Env, spec: EvaluationSpec, { traces: sampled }: Traces): Promise<RowTask[]> {
  const spans = await readSpans(env, sampled)
  const { project, evaluationId, suite, metrics } = spec
  return sampled.map((call) => async (): Promise<RowScores> => {
    // Calls of one trace are turns of one piece of work: they err together.
    const row = { rowId: callRowId(call), cohort: call.cohort, conversation: call.traceId }
    const span = spans.get(row.rowId)
    if (!span) return unanswered(spec, row, 'the span of the call is gone')
    const { response, messages, context } = span
    if (response === null) return unanswered(spec, row, 'the call has no answer')
    const input = { messages, context, response }
    const scores = await scoreInput(env, { project, evaluationId, suite }, metrics, input)
    return { ...row, response, scores }
  })
}

/** A row without an answer is an error in every metric: never a 0. */
function unanswered(
  spec: EvaluationSpec,
  row: Pick<RowScores, 'rowId' | 'cohort' | 'rowHash' | 'conversation'>,
  error: string,
): RowScores {
  return { ...row, scores: Object.fromEntries(spec.metrics.map(({ metric }) => [metric, { error }])) }
}
