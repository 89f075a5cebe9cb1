/**
 * What each kind of stage takes and gives. A port names the kind of artifact (or value) that flows through it.
 * `takesEffect` marks the kinds that change what production uses: they hold a gate lock, commit only after their gates,
 * and are compensated in reverse order when the run fails later.
 */
export const STAGE_CONTRACTS = {
  ingest: { inputs: { transcripts: 'dataset' }, outputs: { dataset: 'dataset' }, takesEffect: false },
  clean: { inputs: { dataset: 'dataset' }, outputs: { dataset: 'dataset' }, takesEffect: false },
  features: {
    inputs: { dataset: 'dataset', prompt: 'prompt' },
    outputs: { training: 'dataset', golden: 'dataset' },
    takesEffect: false,
  },
  train: { inputs: { dataset: 'dataset' }, outputs: { model: 'model' }, takesEffect: false },
  evaluate: {
    inputs: { model: 'model', golden: 'dataset', suite: 'suite' },
    outputs: { evaluation: 'evaluation' },
    takesEffect: false,
  },
  promote: {
    inputs: { model: 'model', evaluation: 'evaluation' },
    outputs: { model: 'model' },
    takesEffect: true,
  },
  deploy: { inputs: { model: 'model', prompt: 'prompt' }, outputs: { route: 'route' }, takesEffect: true },
  monitor: {
    inputs: { route: 'route', evaluation: 'evaluation' },
    outputs: { monitor: 'monitor' },
    takesEffect: false,
  },
} as const satisfies Record<string, StageContract>

export interface StageContract {
  inputs: Record<string, Port>
  outputs: Record<string, Port>
  takesEffect: boolean
}

export type Port = 'dataset' | 'model' | 'prompt' | 'suite' | 'evaluation' | 'route' | 'monitor'
export type StageKind = keyof typeof STAGE_CONTRACTS
export const STAGE_KINDS = Object.keys(STAGE_CONTRACTS) as [StageKind, ...StageKind[]]
