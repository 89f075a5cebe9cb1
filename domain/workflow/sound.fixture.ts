import { inspect } from './lint.ts'
import type { WorkflowDefinition, WorkflowDraft } from './definition.ts'

/** From rows to a watched route, with nothing to complain of. */
export const SOUND = {
  name: 'sound',
  inputs: { rows: { kind: 'dataset' }, prompt: { kind: 'prompt' }, suite: { kind: 'suite' } },
  triggers: [{ name: 'nightly', on: 'cron', cron: '0 3 * * *' }],
  stages: {
    clean: {
      kind: 'clean',
      owner: 'privacy',
      inputs: { dataset: 'inputs.rows' },
      with: { name: 'clean' },
      gates: [{ gate: 'pii-residual' }, { gate: 'freshness', params: { maxAgeDays: 30 } }],
    },
    features: {
      kind: 'features',
      owner: 'ml',
      inputs: { dataset: 'clean.dataset', prompt: 'inputs.prompt' },
      with: { name: 'features' },
      gates: [{ gate: 'data-quality', params: { minRows: 50 } }],
    },
    train: {
      kind: 'train',
      owner: 'ml',
      inputs: { dataset: 'features.training' },
      with: { endpoint: 'gpu', model: 'm', baseModel: 'b' },
      pool: 'gpus',
    },
    evaluate: {
      kind: 'evaluate',
      owner: 'quality',
      inputs: { model: 'train.model', golden: 'features.golden', suite: 'inputs.suite' },
      gates: [
        { gate: 'coverage', params: { minEvaluators: 3 } },
        { gate: 'threshold', params: { metrics: { Groundedness: { overall: 0.7, cohort: 0.6 } } } },
      ],
    },
    promote: {
      kind: 'promote',
      owner: 'quality',
      inputs: { model: 'train.model', evaluation: 'evaluate.evaluation' },
      gates: [{ gate: 'no-regression', params: { metrics: ['Groundedness'], margin: 0.03 } }],
    },
    deploy: {
      kind: 'deploy',
      owner: 'sre',
      inputs: { model: 'promote.model', prompt: 'inputs.prompt' },
      with: { route: 'support' },
      gates: [{ gate: 'single-change' }, { gate: 'rollback-ready' }],
    },
    monitor: {
      kind: 'monitor',
      owner: 'sre',
      inputs: { route: 'deploy.route', evaluation: 'evaluate.evaluation' },
      with: { margins: { Groundedness: 0.05 } },
    },
  },
} as const satisfies WorkflowDraft

/** A draft that a test may change as it likes. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests write what no type allows
export function drafted(change: (draft: any) => void = () => {}): WorkflowDraft {
  const draft = structuredClone(SOUND) as unknown as WorkflowDraft
  change(draft)
  return draft
}

/** The same as the definition that it is. */
export function defined(change?: Parameters<typeof drafted>[0]): WorkflowDefinition {
  const { definition, findings } = inspect(drafted(change))
  if (!definition) throw new TypeError(`not a definition: ${JSON.stringify(findings)}`)
  return definition
}
