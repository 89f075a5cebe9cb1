import { env as bound } from 'cloudflare:workers'
import { WorkflowDefinition } from '../../domain/workflow/definition.ts'
import { planOf, type RunRecord } from '../../domain/workflow/plan.ts'
import type { WorkflowRun } from '../../durable-objects/workflow-run.ts'
import { ingestRows } from './support.ts'

/** Objects as the helpers of `cloudflare:test` want them. */
export const workflowRuns = (bound as unknown as { WORKFLOW_RUN: DurableObjectNamespace<WorkflowRun> })
  .WORKFLOW_RUN

/** A run whose only stage trains; by default at an endpoint that takes five seconds to take the job. */
export async function trainingRun(runId: string, endpoint = 'silent-gpu'): Promise<RunRecord> {
  const dataset = await ingestRows('rows', [{ id: 'a', data: { split: 'train' } }])
  const definition = WorkflowDefinition.parse({
    name: 'one',
    inputs: { dataset: { kind: 'dataset' } },
    stages: {
      train: {
        kind: 'train',
        owner: 'ml',
        inputs: { dataset: 'inputs.dataset' },
        with: { endpoint, model: 'm', baseModel: 'none' },
      },
    },
  })
  return {
    project: 'default',
    runId,
    workflow: 'one',
    workflowVersion: 'v',
    definition,
    plan: planOf(definition),
    pinned: { 'inputs.dataset': dataset },
    author: 'test',
    codeSha: 'x',
    createdAt: 1,
    values: {},
    cause: { by: 'request' },
    priority: 0,
    force: [],
  }
}
