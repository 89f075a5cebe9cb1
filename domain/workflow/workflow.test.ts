import { expect, test } from 'vitest'
import { defineWorkflow } from './define.ts'
import { WorkflowDefinition, type WorkflowDraft } from './definition.ts'
import { initialState } from '../run/state.ts'
import { planOf, planWithoutEffects, resolveInputs, sourcesToPin, type RunRecord } from './plan.ts'

const ingest = {
  kind: 'ingest',
  owner: 'data',
  inputs: { transcripts: 'inputs.rows' },
  with: { name: 'raw' },
} as const
const draft = (stages: Record<string, unknown>): WorkflowDraft => ({
  name: 'w',
  inputs: { rows: { kind: 'dataset' } },
  stages: stages as never,
})

/** Where a definition is refused, and why. */
function refusals(stages: Record<string, unknown>): string[] {
  const parsed = WorkflowDefinition.safeParse(draft(stages))
  return (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test.for<[string, Record<string, unknown>, RegExp]>([
  ['no owner', { ingest: { ...ingest, owner: '' } }, /stages\.ingest\.owner: a stage needs an owner/],
  [
    'an input that nobody produces',
    { ingest: { ...ingest, inputs: { transcripts: 'nowhere.dataset' } } },
    /stages\.ingest\.inputs\.transcripts: nothing produces nowhere\.dataset/,
  ],
  [
    'a missing input',
    { ingest: { ...ingest, inputs: {} } },
    /stages\.ingest\.inputs\.transcripts: a ingest stage needs the input transcripts/,
  ],
  [
    'an input of the wrong kind',
    {
      ingest,
      train: {
        kind: 'train',
        owner: 'ml',
        inputs: { dataset: `model:m@${'a'.repeat(64)}` },
        with: { endpoint: 'e', model: 'm', baseModel: 'b' },
      },
    },
    /stages\.train\.inputs\.dataset: model:.* is a model, but train\.dataset takes a dataset/,
  ],
  [
    'an input that the kind does not have',
    { ingest: { ...ingest, inputs: { ...ingest.inputs, more: 'inputs.rows' } } },
    /has no input more; it has transcripts/,
  ],
  [
    'a gate that is none',
    { ingest: { ...ingest, gates: [{ gate: 'luck' }] } },
    /stages\.ingest\.gates\.0\.gate: there is no gate luck/,
  ],
  [
    'a gate on a stage it says nothing of',
    { ingest: { ...ingest, gates: [{ gate: 'no-regression' }] } },
    /belongs on promote, not on ingest/,
  ],
  [
    'a gate without its threshold',
    { ingest: { ...ingest, gates: [{ gate: 'freshness' }] } },
    /stages\.ingest\.gates\.0\.params\.maxAgeDays/,
  ],
  [
    'a gate that stands twice',
    { ingest: { ...ingest, gates: [{ gate: 'data-quality' }, { gate: 'data-quality' }] } },
    /the gate data-quality stands twice/,
  ],
  [
    'params that the kind does not know',
    { ingest: { ...ingest, with: { name: 'raw', colour: 'red' } } },
    /stages\.ingest\.with/,
  ],
  ['a need that is no stage', { ingest: { ...ingest, needs: ['ghost'] } }, /there is no stage ghost/],
  [
    'a need that only objects have',
    { ingest: { ...ingest, needs: ['constructor'] } },
    /stages\.ingest\.needs: there is no stage constructor/,
  ],
  [
    'an input from what only objects have',
    { ingest: { ...ingest, inputs: { transcripts: 'constructor.dataset' } } },
    /stages\.ingest\.inputs\.transcripts: nothing produces constructor\.dataset/,
  ],
  [
    'an input named like what only objects have',
    { ingest: { ...ingest, inputs: { ...ingest.inputs, constructor: 'inputs.rows' } } },
    /a ingest stage has no input constructor/,
  ],
  [
    'a cycle',
    {
      a: { kind: 'clean', owner: 'x', inputs: { dataset: 'b.dataset' }, with: { name: 'n' } },
      b: { kind: 'clean', owner: 'x', inputs: { dataset: 'a.dataset' }, with: { name: 'n' } },
    },
    /stages wait for each other: a → b → a/,
  ],
])('a definition with %s is refused, with the place', ([, stages, expected]) => {
  expect(refusals(stages).join('\n')).toMatch(expected)
})

const SUITE = 'suite:s@production'

const workflow = defineWorkflow({
  name: 'w',
  inputs: { rows: { kind: 'dataset' }, prompt: { kind: 'prompt' } },
  stages: {
    ingest: { kind: 'ingest', owner: 'data', inputs: { transcripts: 'inputs.rows' }, with: { name: 'raw' } },
    features: {
      kind: 'features',
      owner: 'ml',
      inputs: { dataset: 'ingest.dataset', prompt: 'inputs.prompt' },
      with: { name: 'f' },
    },
    train: {
      kind: 'train',
      owner: 'ml',
      inputs: { dataset: 'features.training' },
      with: { endpoint: 'e', model: 'm', baseModel: 'b' },
    },
    deploy: {
      kind: 'deploy',
      owner: 'sre',
      inputs: { model: 'train.model', prompt: `prompt:p@production` },
      with: { route: 'r' },
    },
    monitor: {
      kind: 'monitor',
      owner: 'sre',
      needs: ['deploy'],
      inputs: { route: 'deploy.route', evaluation: 'evaluate.evaluation' },
      with: { margins: {} },
    },
    evaluate: {
      kind: 'evaluate',
      owner: 'q',
      inputs: { model: 'train.model', golden: 'features.golden', suite: SUITE },
    },
  },
})

test('stages need the producers of their inputs', () => {
  const plan = planOf(workflow)
  expect(plan.features!.needs).toEqual(['ingest'])
  expect(plan.monitor!.needs.toSorted()).toEqual(['deploy', 'evaluate'])
})

test('a run pins its inputs and every ref that stands in a stage', () => {
  expect(sourcesToPin(workflow)).toEqual(['inputs.rows', 'inputs.prompt', 'prompt:p@production', SUITE])
})

test('a reproduction leaves out what changes production, and what needs it', () => {
  expect(Object.keys(planWithoutEffects(planOf(workflow)))).toEqual([
    'ingest',
    'features',
    'train',
    'evaluate',
  ])
})

test('an input that nothing produces does not compile, and is refused at run time too', () => {
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs: { rows: { kind: 'dataset' } },
      stages: {
        ingest: {
          kind: 'ingest',
          owner: 'data',
          inputs: {
            // @ts-expect-error there is no run input `row`
            transcripts: 'inputs.row',
          },
          with: { name: 'raw' },
        },
      },
    }),
  ).toThrow(/nothing produces inputs\.row/)
})

test('a stage gives its outputs on under any name that a stage may have', () => {
  for (const name of ['raw_rows', 'v2.ingest', '2nd-ingest']) {
    const clean = {
      kind: 'clean',
      owner: 'data',
      inputs: { dataset: `${name}.dataset` },
      with: { name: 'n' },
    }
    expect(refusals({ [name]: ingest, clean })).toEqual([])
    const definition = WorkflowDefinition.parse(draft({ [name]: ingest, clean }))
    expect(planOf(definition).clean!.needs).toEqual([name])
    const state = initialState(planOf(definition), 0)
    state.stages[name]!.outputs = { dataset: 'dataset:raw@1' }
    const run = { pinned: {} } as RunRecord
    expect(resolveInputs(run, state, definition.stages.clean!)).toEqual({ dataset: 'dataset:raw@1' })
  }
})

test('what a run pinned stands in for the source that names it', () => {
  const state = initialState(planOf(workflow), 0)
  state.stages.features!.outputs = { training: 'dataset:f@1' }
  const run = { pinned: { 'prompt:p@production': 'prompt:p@7' } } as unknown as RunRecord
  expect(resolveInputs(run, state, workflow.stages.train!)).toEqual({ dataset: 'dataset:f@1' })
  expect(resolveInputs(run, state, workflow.stages.deploy!)).toEqual({ model: null, prompt: 'prompt:p@7' })
})
