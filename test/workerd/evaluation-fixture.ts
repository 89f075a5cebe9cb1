import { env as bound } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import type { Example } from '../../domain/dataset/example.ts'
import type { DatasetManifest } from '../../domain/dataset/version.ts'
import type { CohortSums } from '../../domain/evaluation/score.ts'
import type { EvaluationSpec } from '../../domain/evaluation/spec.ts'
import { Suite } from '../../domain/evaluation/suite.ts'
import { evaluatorByName } from '../../domain/evaluators/registry.ts'
import type { EvaluationRun } from '../../durable-objects/evaluation-run.ts'
import { cohortScoresOf } from '../../workers/evaluation/finish.ts'
import { datasetChunks, startEvaluation } from '../../workers/evaluation/start.ts'
import { DatasetWriter } from '../../workers/registry/datasets.ts'
import { registerModel } from './engine/promotion.ts'
import { env, get, post } from './support.ts'

/** Objects as the helpers of `cloudflare:test` want them. */
export const evaluationRuns = (bound as unknown as { EVALUATION_RUN: DurableObjectNamespace<EvaluationRun> })
  .EVALUATION_RUN

/** A metric of the evaluator's version of today. */
export function metricOf(evaluator: string, more: object = {}) {
  return { metric: evaluator, evaluator, version: evaluatorByName(evaluator)!.version, ...more }
}

export const suite = Suite.parse({
  name: 'tiny',
  metrics: [metricOf('JSONValidation'), metricOf('Groundedness')],
})

export const example: Example = {
  split: 'golden',
  prompt: [
    { role: 'system', content: 'Knowledge:\n[1] Parcels take three days.' },
    { role: 'user', content: 'Where is it?' },
  ],
  context: ['Parcels take three days.'],
  completion: { intent: 'track', action: 'track_parcel', reply: 'Parcels take three days.' },
}

/** A dataset version of these rows, in shards of 50. */
export async function datasetOf(
  name: string,
  rows: readonly { id: string; cohort?: string; data: object }[],
): Promise<{ ref: string; manifest: DatasetManifest }> {
  const writer = new DatasetWriter(env, 'default', name, 50)
  for (const row of rows) await writer.add(row as never)
  return writer.finish({ codeSha: 'x', createdBy: 'test', at: Date.now() })
}

/** So many rows of the same kind, whose content differs; every third is of the cohort `vip`. */
export function exampleRows(count: number, textOf = (index: number) => `Where is parcel ${index}?`) {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    cohort: index % 3 === 0 ? 'vip' : 'all',
    data: { ...example, prompt: [{ role: 'user', content: textOf(index) }] },
  }))
}

/** A model that is served at a host of the world outside. */
export function servedModel(name: string, host: string): Promise<string> {
  return registerModel(name, name.charCodeAt(0).toString(16).slice(-1).repeat(64), host)
}

export async function registerSuite(given: object): Promise<string> {
  return (await post<{ ref: string }>('/api/v1/suites', given)).body.ref
}

/** Evaluates a model at this host for a stage of a run, or for nobody. Answers the number of chunks. */
export async function evaluate(
  evaluationId: string,
  host: string,
  { rows = 120, ...more }: { rows?: number } & Partial<EvaluationSpec> = {},
): Promise<number> {
  const { ref, manifest } = await datasetOf(
    `golden-${evaluationId.replaceAll('_', '-')}`,
    exampleRows(rows, () => `Where is ${evaluationId}?`),
  )
  const model = `model:m@${'a'.repeat(64)}`
  const spec: EvaluationSpec = {
    project: 'default',
    evaluationId,
    mode: 'offline',
    target: model,
    source: ref,
    suite,
    metrics: suite.metrics,
    candidate: {
      id: host,
      model,
      baseUrl: `http://${host}/v1`,
      servedModel: 'm',
      secret: 'GPU_ENDPOINT_KEY',
    },
    headersMs: 2_000,
    forced: true,
    notify: { nobody: true },
    ...more,
  }
  const chunks = datasetChunks(manifest)
  await startEvaluation(env, spec, chunks, null, Date.now())
  return chunks.length
}

export interface EvaluationBody {
  evaluationId: string
  status: string
  rows: number
  errors: number
  reused: number
  costUsd: number
  estimatedCostUsd: number | null
  progress: { done: number; chunks: number; rows: number; totalRows: number; underWay: number }
  forced: boolean
  metrics: {
    metric: string
    n: number
    median: number | null
    passRate: { value: number; lower: number; upper: number; passes: number } | null
    passMark: { at: number; from: string; calibrated: boolean; note: string }
    copyRate: number | null
  }[]
  scores: {
    metric: string
    cohort: string
    n: number
    mean: number
    errors: number
    copyRate: number | null
  }[]
}

export async function readEvaluation(evaluationId: string): Promise<EvaluationBody> {
  return (await get<EvaluationBody>(`/api/v1/evaluations/${evaluationId}`)).body
}

export async function becomes(evaluationId: string, status: string): Promise<void> {
  await vi.waitFor(async () => expect((await readEvaluation(evaluationId)).status).toBe(status), {
    timeout: 20_000,
  })
}

export async function finished(evaluationId: string): Promise<CohortSums[]> {
  await becomes(evaluationId, 'finished')
  return cohortScoresOf(env, evaluationId)
}

/** Questions with this text that were asked at a host so far, by whichever test. */
export async function callsAt(host: string, text: string): Promise<{ body: string }[]> {
  const calls = (await (await fetch('http://calls.test/')).json()) as { host: string; body: string }[]
  return calls.filter((call) => call.host === host && call.body.includes(text))
}
