import type { RunView, StageView } from '../../api/views.ts'

/** A stage to which nothing has happened, with what a test changes. */
export function stage(name: string, changes: Partial<StageView> = {}): StageView {
  return {
    stage: name,
    kind: 'train',
    owner: 'ml@example.com',
    status: 'pending',
    attempt: 1,
    needs: [],
    inputs: {},
    outputs: {},
    cachedFrom: null,
    skipped: null,
    gates: [],
    waitingFor: null,
    progress: null,
    error: null,
    startedAt: null,
    finishedAt: null,
    ...changes,
  }
}

/** A run of these stages. */
export function run(...stages: StageView[]): RunView {
  return {
    runId: 'run_1',
    workflow: 'w',
    workflowVersion: 'v',
    status: 'running',
    author: 'me',
    failure: null,
    createdAt: 0,
    finishedAt: null,
    inputs: {},
    values: {},
    codeSha: 'unknown',
    cause: { by: 'request' },
    priority: 0,
    force: [],
    paused: null,
    signals: [],
    reproduces: null,
    stages,
  }
}
