import { supportAgent } from '../../examples/support-agent/workflow.ts'
import type { WorkflowDraft } from '../../domain/workflow/definition.ts'

type StageDraft = WorkflowDraft['stages'][string]

/** A workflow under fire, and what must have come of each of its runs, however often it was killed. */
export interface ChaosWorkflow {
  definition: WorkflowDraft
  ends: 'succeeded' | 'rolled_back'
  /** Effects that a run has outside, by stage, once it has ended. */
  effects: Record<string, number>
  /** Results that a mapped stage gives, by stage. */
  mapped?: Record<string, number>
}

const ITEMS = 25
/** How long a model is in production before its run finds that it must go: time for another to come after it. */
const VERIFY_MS = 3_000
/** An injected fault costs an attempt: there must be enough of them. */
const retry = { attempts: 20, backoffSeconds: 0.2, maxBackoffSeconds: 1 }

function task(params: Record<string, string | number>, needs: string[] = [], more: Partial<StageDraft> = {}) {
  return {
    kind: 'task',
    owner: 'chaos',
    needs,
    outputs: { value: 'value' },
    with: { endpoint: 'reference-task', params },
    retry,
    cache: false,
    timeoutSeconds: 300,
    ...more,
  } satisfies StageDraft
}

const chain: ChaosWorkflow = {
  definition: {
    name: 'chaos-chain',
    inputs: {},
    stages: {
      one: task({ mode: 'noop' }),
      two: task({ mode: 'flaky', failures: 2 }, ['one']),
      three: task({ mode: 'apply' }, ['two']),
      four: task({ mode: 'later', delayMs: 300 }, ['three']),
      five: task({ mode: 'noop' }, ['four'], { pool: 'chaos-pool' }),
      six: task({ mode: 'apply', delayMs: 100 }, ['five'], { pool: 'chaos-pool' }),
      seven: task({ mode: 'flaky', failures: 1, delayMs: 50 }, ['six']),
      eight: task({ mode: 'apply' }, ['seven']),
    },
  },
  ends: 'succeeded',
  effects: { three: 1, six: 1, eight: 1 },
}

const branches: ChaosWorkflow = {
  definition: {
    name: 'chaos-branches',
    concurrency: 2,
    inputs: {},
    stages: {
      start: task({ mode: 'noop' }),
      left: task({ mode: 'apply' }, ['start']),
      right: task({ mode: 'apply', delayMs: 200 }, ['start']),
      flaky: task({ mode: 'flaky', failures: 2 }, ['start']),
      later: task({ mode: 'later', delayMs: 500 }, ['start'], { pool: 'chaos-pool' }),
      join: task({ mode: 'apply' }, ['left', 'right', 'flaky', 'later']),
    },
  },
  ends: 'succeeded',
  effects: { left: 1, right: 1, join: 1 },
}

const mapped: ChaosWorkflow = {
  definition: {
    name: 'chaos-mapped',
    inputs: { items: { kind: 'value', default: Array.from({ length: ITEMS }, (_, index) => index) } },
    stages: {
      each: task({ mode: 'apply' }, [], { map: { over: 'inputs.items', parallel: 5 } }),
      join: task({ mode: 'apply' }, ['each']),
    },
  },
  ends: 'succeeded',
  effects: { each: ITEMS, join: 1 },
  mapped: { each: ITEMS },
}

const rollback: ChaosWorkflow = {
  definition: {
    name: 'chaos-rollback',
    inputs: {},
    stages: {
      first: task({ mode: 'apply' }, [], { rollback: 'undo-first' }),
      second: task({ mode: 'apply', delayMs: 100 }, ['first'], { rollback: 'undo-second' }),
      third: task({ mode: 'fail' }, ['second']),
      'undo-first': task({ mode: 'undo', of: 'first' }),
      'undo-second': task({ mode: 'undo', of: 'second', delayMs: 100 }),
      tell: task({ mode: 'apply' }, [], { onFailure: true }),
    },
  },
  ends: 'rolled_back',
  effects: { first: 0, second: 0, tell: 1 },
}

const LOW = { Groundedness: 0.01, ContextRelevance: 0.01, TaskCompletion: 0.01, JSONValidation: 0.01 }

/** The support agent. Its gates on scores would stop models of so few rows: what is tried here is not the models. */
function model(name: string, more: Record<string, StageDraft>): WorkflowDraft {
  const { stages, inputs } = supportAgent(LOW)
  const hardened = Object.entries(stages).map(([stage, { gates: _, ...definition }]) => [
    stage,
    { ...definition, cache: false, retry },
  ])
  return { name, inputs, stages: { ...Object.fromEntries(hardened), ...more } }
}

const deployed: ChaosWorkflow = {
  definition: model('chaos-model', {}),
  ends: 'succeeded',
  effects: {},
}

const withdrawn: ChaosWorkflow = {
  definition: model('chaos-model-undone', { verify: task({ mode: 'fail', delayMs: VERIFY_MS }, ['deploy']) }),
  ends: 'rolled_back',
  effects: {},
}

/** Runs that move production come in pairs, which meet at its gate locks: one of them stays, or none. */
export const MIX: readonly ChaosWorkflow[] = [
  deployed, withdrawn, chain, rollback, mapped, branches, chain, rollback, mapped, chain,
  withdrawn, withdrawn, branches, rollback, mapped, chain, branches, rollback, chain, deployed,
] // prettier-ignore
