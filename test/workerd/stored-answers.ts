import { CHUNK_ROWS, STORED_ANSWERS, type EvaluationSpec } from '../../domain/evaluation/spec.ts'
import { Suite, type JudgeSettings } from '../../domain/evaluation/suite.ts'
import { wholeMetrics, type NamedMetric } from '../../domain/evaluation/single-input.ts'
import { datasetChunks, startEvaluation } from '../../workers/evaluation/start.ts'
import { DatasetWriter } from '../../workers/registry/datasets.ts'
import { finished } from './evaluation-fixture.ts'
import { env } from './support.ts'

/** Rows with an answer: every second is what the context says, the others are not. */
export function answeredRows(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `r${index}`,
    cohort: index % 4 < 2 ? 'vip' : 'all',
    data: {
      messages: [{ role: 'user', content: `When does parcel ${index} come?` }],
      context: [`Parcel ${index} comes on Monday by courier, and returns are free for thirty days.`],
      response:
        index % 2 === 0
          ? `Parcel ${index} comes on Monday by courier.`
          : `Zebras graze near volcano ${index + 7000}.`,
    },
  }))
}

/** A finished evaluation of the answers that a dataset's rows have already. */
export async function evaluateStored(
  evaluationId: string,
  dataset: string,
  rows: readonly { id: string; data: object }[],
  metrics: readonly NamedMetric[],
  { rowsAChunk = CHUNK_ROWS, judge }: { rowsAChunk?: number; judge?: Partial<JudgeSettings> } = {},
): Promise<string> {
  const writer = new DatasetWriter(env, 'default', dataset)
  for (const row of rows) await writer.add(row as never)
  const { ref, manifest } = await writer.finish({ codeSha: 'x', createdBy: 'test', at: Date.now() })
  const suite = Suite.parse({ name: 'stored', metrics: wholeMetrics(metrics), ...(judge ? { judge } : {}) })
  const spec: EvaluationSpec = {
    project: 'default',
    evaluationId,
    mode: 'offline',
    target: STORED_ANSWERS,
    source: ref,
    suite,
    metrics: suite.metrics,
    headersMs: 2_000,
    forced: true,
    notify: { nobody: true },
  }
  await startEvaluation(env, spec, datasetChunks(manifest, rowsAChunk), null, Date.now())
  await finished(evaluationId)
  return ref
}
