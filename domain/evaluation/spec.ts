import type { RouteTarget } from '../routing/route.ts'
import type { CallId } from './call-id.ts'
import type { Suite, SuiteMetric } from './suite.ts'

/** What is evaluated, on what, by what, and who wants to know. */
export interface EvaluationSpec {
  project: string
  evaluationId: string
  mode: 'offline' | 'online'
  /** `model:…`, `route:…`, `endpoint:…`, or `STORED_ANSWERS`. */
  target: string
  /** `dataset:…` or `sweep:…`. */
  source: string
  suite: Suite
  /** `suite:…`, where it was asked for by its ref. */
  suiteRef?: string
  metrics: SuiteMetric[]
  /** The endpoint that answers each row; absent when the answers are there already, in the rows or in traces. */
  candidate?: RouteTarget
  /** What the candidate's tokens cost, where it is known. */
  price?: TokenPrice
  /** Timeout of one generated answer. */
  headersMs: number
  /** Answers that the candidate is asked for at once, at most. */
  concurrency?: number
  /** From which score on a row passes, by metric, and who says so. Pinned at the start. */
  passMarks?: Record<string, PassMark>
  /** Evaluations whose answers and scores are taken over where nothing differs, newest first. */
  reuse?: EarlierScores[]
  /** True when everything was to be done anew. */
  forced?: boolean
  /** The API key that started it. */
  createdBy?: string
  /** Hash of the request, so that an idempotency key is not taken for another one. */
  requested?: string
  notify: Notify
}

/** Who is told of the end: a stage of a run, a sweep, or nobody. */
export type Notify =
  | { runId: string; stage: string; attempt: number; as: 'produced' | 'resumed' }
  | { sweepId: string }
  | { nobody: true }

/** The target of an evaluation of the answers that the rows have already. */
export const STORED_ANSWERS = 'stored'

/** Endpoints outside may serve another model tomorrow: their answers are not taken over. */
export function isImmutable(target: string): boolean {
  return !target.startsWith('endpoint:')
}

/** US dollars for a million tokens. */
export interface TokenPrice {
  inputUsdPerMTok: number
  outputUsdPerMTok: number
}

export interface PassMark {
  at: number
  /** Of cohorts whose labels were enough for a mark of their own. */
  cohorts?: Record<string, number>
  /** A calibration by its id; `default` means that nobody calibrated the evaluator. */
  from: 'suite' | 'default' | `cal_${string}`
}

export interface EarlierScores {
  evaluationId: string
  /** The name that each metric's score has there; a metric that is missing is scored anew. */
  metrics: Record<string, string>
}

/** What one queue message covers. */
export type EvaluationChunk =
  | { shardKey: string; from: number; to: number }
  | { traces: (CallId & { objectKey: string; cohort: string })[] }

/** Rows in one chunk: answers to wait for, or traces to look up. */
export const CHUNK_ROWS = 50
/** Rows in one chunk where rules score what is there: enough that storage and messages are no matter beside the scoring. */
export const RULE_CHUNK_ROWS = 250

export function chunkRows({ candidate, metrics }: Pick<EvaluationSpec, 'candidate' | 'metrics'>): number {
  return candidate || metrics.some(({ engine }) => engine !== 'rule') ? CHUNK_ROWS : RULE_CHUNK_ROWS
}

export function rowsOf(chunk: EvaluationChunk): number {
  return 'traces' in chunk ? chunk.traces.length : chunk.to - chunk.from
}

/** Answers of a candidate that are asked for at once when nobody says, and at most. */
export const DEFAULT_CONCURRENCY = 48
export const MAX_CONCURRENCY = 96

/** Answers of one chunk that are waited for at once: connections that one Worker invocation may have open. */
const CONNECTIONS = 6
/** Chunks that are out at once where rules score what is there. */
const RULE_WINDOW = 16

/** Answers that one chunk asks for at once. */
export function answersAtOnce({ concurrency = DEFAULT_CONCURRENCY }: EvaluationSpec): number {
  return Math.min(CONNECTIONS, concurrency)
}

/** Chunks that are out at once, so that no more answers are asked for than may be. */
export function chunkWindow({
  candidate,
  metrics,
  concurrency = DEFAULT_CONCURRENCY,
}: EvaluationSpec): number {
  const asks = candidate !== undefined || metrics.some(({ engine }) => engine !== 'rule')
  return asks ? Math.max(1, Math.floor(concurrency / CONNECTIONS)) : RULE_WINDOW
}
