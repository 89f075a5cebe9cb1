import type { RouteTarget } from '../routing/route.ts'
import type { Suite, SuiteMetric } from './suite.ts'

/** What is evaluated, on what, by what, and who wants to know. */
export interface EvaluationSpec {
  project: string
  evaluationId: string
  mode: 'offline' | 'online'
  /** `model:…` or `route:…`. */
  target: string
  /** `dataset:…` or `sweep:…`. */
  source: string
  suite: Suite
  metrics: SuiteMetric[]
  /** The endpoint that answers each row; absent when the answers are there already, in traces. */
  candidate?: RouteTarget
  /** Timeout of one generated answer. */
  headersMs: number
  notify: { runId: string; stage: string; attempt: number; as: 'produced' | 'resumed' } | { sweepId: string }
}

/** What one queue message covers. */
export type EvaluationChunk =
  | { shardKey: string; from: number; to: number }
  | { traces: { traceId: string; objectKey: string; cohort: string }[] }

/** Rows in one chunk: about half a second of scoring. */
export const CHUNK_ROWS = 50
