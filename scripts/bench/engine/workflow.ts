import type { WorkflowDraft } from '../../../domain/workflow/definition.ts'

export const STAGES = 8

type StageDraft = WorkflowDraft['stages'][string]

/** A no-op at the reference task endpoint. Nothing is taken over from earlier runs: each stage is really sent. */
const noop: StageDraft = {
  kind: 'task',
  owner: 'bench',
  outputs: { value: 'value' },
  with: { endpoint: 'reference-task', params: { mode: 'noop' } },
  cache: false,
  retry: { attempts: 5, backoffSeconds: 0.5 },
}

/** Stages that wait for each other, one after the other. */
export const chain: WorkflowDraft = {
  name: 'bench-chain',
  inputs: {},
  stages: Object.fromEntries(
    Array.from({ length: STAGES }, (_, index) => [
      `s${index + 1}`,
      { ...noop, needs: index === 0 ? [] : [`s${index}`] },
    ]),
  ),
}

/** One stage that does a no-op for each item of a list. */
export const mapped: WorkflowDraft = {
  name: 'bench-mapped',
  inputs: { items: { kind: 'value' } },
  stages: { each: { ...noop, timeoutSeconds: 3600, map: { over: 'inputs.items', parallel: 200 } } },
}
