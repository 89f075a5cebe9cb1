import { eq } from 'drizzle-orm'
import { WorkflowDefinition } from '../../../domain/workflow/definition.ts'
import { planOf } from '../../../domain/workflow/plan.ts'
import { lineage } from '../../../workers/lineage/db.ts'
import { evaluations } from '../../../workers/lineage/schema.ts'
import { registerArtifact } from '../../../workers/registry/artifacts.ts'
import { newId } from '../../../workers/ids.ts'
import { evaluation } from '../gate-context.ts'
import { env } from '../support.ts'
import { task } from './tasks.ts'

export const CANDIDATE = '1'.repeat(64)

/** Registers a version of a model that answers; answers its ref. */
export function registerModel(name: string, version = CANDIDATE, host = 'good.test'): Promise<string> {
  const serving = { baseUrl: `http://${host}/v1`, servedModel: 'm', secret: 'GPU_ENDPOINT_KEY' }
  const manifest = {
    key: 'k',
    bytes: 1,
    format: 'safetensors',
    baseModel: 'b',
    hyperparameters: {},
    metrics: {},
    hardware: 'h',
    trainingSeconds: 1,
    serving,
  }
  const of = { project: 'default', kind: 'model', name, version } as const
  return registerArtifact(lineage(env.LINEAGE), { ...of, manifest, codeSha: 'x', createdBy: 'test', at: 1 })
}

/**
 * A run whose last stage promotes a model, by an evaluation that a task names. The lint would refuse the workflow; what
 * is tested here is what happens behind it.
 */
export async function startPromotion(
  name: string,
  { evaluationId = `eval_${name}`, gates = [] }: { evaluationId?: string; gates?: object[] } = {},
): Promise<{ runId: string; model: string; target: string }> {
  const model = await registerModel(name)
  const definition = WorkflowDefinition.parse({
    name,
    inputs: { model: { kind: 'model' } },
    stages: {
      claim: task({ outputs: { evaluation: evaluationId } }, { outputs: { evaluation: 'evaluation' } }),
      promote: {
        kind: 'promote',
        owner: 'quality',
        inputs: { model: 'inputs.model', evaluation: 'claim.evaluation' },
        gates,
      },
    },
  })
  const runId = newId('run')
  await env.WORKFLOW_RUN.getByName(runId).create({
    project: 'default',
    runId,
    workflow: name,
    workflowVersion: 'v',
    definition,
    plan: planOf(definition),
    pinned: { 'inputs.model': model },
    values: {},
    author: 'test',
    codeSha: 'x',
    createdAt: Date.now(),
    cause: { by: 'request' },
    priority: 0,
    force: [],
  })
  return { runId, model, target: `model:${name}@production` }
}

/** What a promotion needs: a finished offline evaluation of the model itself; or one that is changed. */
export async function evaluated(
  name: string,
  change: Partial<typeof evaluations.$inferInsert> = {},
): Promise<void> {
  const evaluationId = `eval_${name}`
  const source = `dataset:d@${'d'.repeat(64)}`
  await evaluation(evaluationId, { target: `model:${name}@${CANDIDATE}`, source, mode: 'offline' })
  const of = eq(evaluations.evaluationId, evaluationId)
  if (Object.keys(change).length > 0) await lineage(env.LINEAGE).update(evaluations).set(change).where(of)
}
