import type { RowScores } from '../../domain/evaluation/score.ts'
import type { GateName } from '../../domain/gates/registry.ts'
import { contentHash } from '../../domain/hash.ts'
import type { Json } from '../../domain/json.ts'
import type { StageKind } from '../../domain/stages/contracts.ts'
import type { RunRecord } from '../../domain/workflow/plan.ts'
import type { StageContext } from '../../durable-objects/workflow-run.ts'
import { storeSpans, type SpanMessage } from '../../workers/ingest/spans.ts'
import { lineage } from '../../workers/lineage/db.ts'
import { evaluations } from '../../workers/lineage/schema.ts'
import { registerArtifact } from '../../workers/registry/artifacts.ts'
import { keys } from '../../workers/registry/keys.ts'
import { gzipNdjson } from '../../workers/registry/ndjson.ts'
import { env } from './support.ts'

export const model = (digit: string) => `model:m@${digit.repeat(64)}`
export const PROMPT = `prompt:p@${'b'.repeat(64)}`

/** A stage with one gate on it, as its executor left it. */
export function stageContext(
  kind: StageKind,
  gate: GateName,
  given: {
    params?: Record<string, Json>
    inputs?: Record<string, Json>
    outputs?: Record<string, Json>
    runId?: string
    attempt?: number
    project?: string
  },
): StageContext {
  const { params = {}, inputs = {}, outputs = {}, runId = 'run_1', attempt = 1, project = 'default' } = given
  const run = { project, runId, workflow: 'w', author: 'key_1' } as unknown as RunRecord
  const definition = { kind, gates: [{ gate, params }] } as unknown as StageContext['definition']
  return { run, stage: kind, attempt, status: 'gating', definition, inputs, outputs }
}

/** A route version whose first target serves `models[0]`, with a canary where one is given. */
export async function routeVersion(
  route: string,
  models: string[],
  prompt = PROMPT,
  canary?: string,
  share = 0.1,
): Promise<string> {
  const targetOf = (each: string) => ({
    id: each.slice(0, 12),
    model: each,
    baseUrl: 'http://good.test/v1',
    servedModel: 'm',
    secret: 'GPU_ENDPOINT_KEY',
  })
  const manifest = {
    route,
    targets: models.map(targetOf),
    prompt,
    timeouts: { headersMs: 300, totalMs: 2_000 },
    ...(canary === undefined ? {} : { canary: { target: targetOf(canary), share, stickyBy: 'user' } }),
  }
  return registerArtifact(lineage(env.LINEAGE), {
    project: 'default',
    kind: 'route',
    name: route,
    version: contentHash(manifest),
    manifest,
    codeSha: 'x',
    createdBy: 'test',
    at: 1,
  })
}

type Trace = Pick<SpanMessage, 'traceId' | 'route' | 'routeVersion' | 'model' | 'cohort'> &
  Partial<SpanMessage>

export function storeTraces(batch: string, list: readonly Trace[]): Promise<void> {
  const spans = list.map((trace): SpanMessage => ({
    project: 'default',
    epoch: 1,
    target: 't',
    promptRef: PROMPT,
    status: 'ok',
    fallbackReason: null,
    attempts: [],
    latencyMs: 100,
    inputTokens: 1,
    outputTokens: 1,
    messages: [],
    context: [],
    response: 'x',
    at: Date.now() - 60_000,
    ...trace,
  }))
  return storeSpans(env, batch, spans)
}

/** A finished evaluation with the scores of its rows. */
export async function evaluation(
  evaluationId: string,
  given: Pick<typeof evaluations.$inferInsert, 'target' | 'source' | 'mode'> &
    Partial<Pick<typeof evaluations.$inferInsert, 'finishedAt' | 'suite'>>,
  rows: readonly RowScores[] = [],
): Promise<void> {
  await lineage(env.LINEAGE)
    .insert(evaluations)
    .values({
      evaluationId,
      projectId: 'default',
      suite: { name: 's', metrics: [] },
      suiteVersion: 's',
      status: 'finished',
      rows: rows.length,
      errors: 0,
      createdAt: 1,
      finishedAt: Date.now(),
      ...given,
    })
  const shard = await gzipNdjson(rows.map((row) => JSON.stringify(row)))
  await env.ARTIFACTS.put(keys.scores('default', evaluationId, 0), shard)
}
