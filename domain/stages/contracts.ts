/** Kinds of thing that flow from stage to stage: artifacts, what a stage made, or a plain JSON value. */
export const PORTS = [
  'dataset',
  'model',
  'prompt',
  'suite',
  'evaluation',
  'route',
  'monitor',
  'value',
] as const
export type Port = (typeof PORTS)[number]

/**
 * What each kind of stage takes and gives. A port names the kind of artifact (or value) that flows through it.
 * `takesEffect` marks the kinds that change what production uses: they hold a gate lock, commit only after their gates,
 * and are compensated in reverse order when the run fails later. An `open` kind has the ports that its definition names.
 * Work that is `cached` is taken over from an earlier run of equal inputs: always, or where the definition asks for it.
 */
export const STAGE_CONTRACTS = {
  ingest: { inputs: { transcripts: 'dataset' }, outputs: { dataset: 'dataset' }, cached: 'always' },
  clean: { inputs: { dataset: 'dataset' }, outputs: { dataset: 'dataset' }, cached: 'always' },
  features: {
    inputs: { dataset: 'dataset', prompt: 'prompt' },
    outputs: { training: 'dataset', golden: 'dataset' },
    cached: 'always',
  },
  train: { inputs: { dataset: 'dataset' }, outputs: { model: 'model' }, cached: 'always' },
  evaluate: {
    inputs: { model: 'model', golden: 'dataset', suite: 'suite' },
    outputs: { evaluation: 'evaluation' },
    cached: 'always',
  },
  promote: {
    inputs: { model: 'model', evaluation: 'evaluation' },
    outputs: { model: 'model' },
    takesEffect: true,
  },
  deploy: { inputs: { model: 'model', prompt: 'prompt' }, outputs: { route: 'route' }, takesEffect: true },
  monitor: { inputs: { route: 'route', evaluation: 'evaluation' }, outputs: { monitor: 'monitor' } },
  /** Anything, done by an external endpoint. */
  task: { inputs: {}, outputs: {}, open: true, cached: 'asked' },
  /** Another workflow, run as one stage of this one. */
  workflow: { inputs: {}, outputs: {}, open: true },
} as const satisfies Record<string, StageContract>

export interface StageContract {
  inputs: Record<string, Port>
  outputs: Record<string, Port>
  takesEffect?: boolean
  open?: boolean
  cached?: 'always' | 'asked'
}

export type StageKind = keyof typeof STAGE_CONTRACTS
export const STAGE_KINDS = Object.keys(STAGE_CONTRACTS) as [StageKind, ...StageKind[]]

export function contractOf(kind: StageKind): StageContract {
  return STAGE_CONTRACTS[kind]
}
