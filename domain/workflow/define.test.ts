import { expect, test } from 'vitest'
import { defineWorkflow } from './define.ts'

/**
 * Each of these must not compile: `tsc` fails where a line marked so is no error. What is refused at run time too is
 * refused with its place.
 */

const ingest = {
  kind: 'ingest',
  owner: 'data',
  inputs: { transcripts: 'inputs.rows' },
  with: { name: 'raw' },
} as const
const inputs = { rows: { kind: 'dataset' }, prompt: { kind: 'prompt' }, size: { kind: 'value' } } as const

test('what the stages give is known where it is used', () => {
  const workflow = defineWorkflow({
    name: 'w',
    inputs,
    stages: {
      ingest,
      'split.v2': {
        kind: 'task',
        owner: 'data',
        inputs: { dataset: 'ingest.dataset', size: 'inputs.size', go: 'signals.go' },
        outputs: { parts: 'value', model: 'model', rest: 'dataset' },
        with: { endpoint: 'e' },
        rollback: 'undo',
      },
      undo: { kind: 'task', owner: 'data', outputs: {}, with: { endpoint: 'e' } },
      each: {
        kind: 'task',
        owner: 'data',
        inputs: { model: 'split.v2.model' },
        outputs: { done: 'value' },
        map: { over: 'split.v2.parts' },
        when: { source: 'inputs.size', is: 'above', value: 3 },
        with: { endpoint: 'e' },
      },
      within: {
        kind: 'workflow',
        owner: 'data',
        needs: ['each'],
        inputs: { dataset: 'split.v2.rest', model: 'model:m@production' },
        outputs: { evaluation: 'evaluation' },
        with: { workflow: 'evaluation' },
      },
      promote: {
        kind: 'promote',
        owner: 'q',
        inputs: { model: 'split.v2.model', evaluation: 'within.evaluation' },
      },
    },
    outputs: { model: 'promote.model' },
  })
  expect(Object.keys(workflow.stages)).toHaveLength(6)
})

test('a source of another kind does not compile', () => {
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        clean: {
          kind: 'clean',
          owner: 'x',
          // @ts-expect-error a prompt is no dataset
          inputs: { dataset: 'inputs.prompt' },
          with: { name: 'c' },
        },
      },
    }),
  ).toThrow(/inputs\.prompt is a prompt, but clean\.dataset takes a dataset/)
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        ingest,
        train: {
          kind: 'train',
          owner: 'x',
          // @ts-expect-error a ref of a model is no dataset
          inputs: { dataset: 'model:m@production' },
          with: { endpoint: 'e', model: 'm', baseModel: 'b' },
        },
      },
    }),
  ).toThrow(/is a model, but train\.dataset takes a dataset/)
})

test('an output that a stage does not have does not compile', () => {
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        ingest,
        // @ts-expect-error ingest gives `dataset`
        clean: { kind: 'clean', owner: 'x', inputs: { dataset: 'ingest.rows' }, with: { name: 'c' } },
      },
    }),
  ).toThrow(/nothing produces ingest\.rows/)
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        fetch: { kind: 'task', owner: 'x', outputs: { rows: 'dataset' }, with: { endpoint: 'e' } },
        // @ts-expect-error the task says that it gives `rows`
        clean: { kind: 'clean', owner: 'x', inputs: { dataset: 'fetch.dataset' }, with: { name: 'c' } },
      },
    }),
  ).toThrow(/nothing produces fetch\.dataset/)
})

test('a stage that is not there does not compile: needed, undoing, mapped over or read', () => {
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        // @ts-expect-error there is no stage `ingestion`
        ingest: { ...ingest, needs: ['ingestion'] },
      },
    }),
  ).toThrow(/there is no stage ingestion/)
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        // @ts-expect-error there is no stage `undo`
        ingest: { ...ingest, rollback: 'undo' },
      },
    }),
  ).toThrow(/there is no stage undo/)
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        each: {
          kind: 'task',
          owner: 'x',
          outputs: {},
          // @ts-expect-error a dataset is no list
          map: { over: 'inputs.rows' },
          with: { endpoint: 'e' },
        },
      },
    }),
  ).toThrow(/inputs\.rows is a dataset, not a list/)
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        // @ts-expect-error there is no run input `colour`
        ingest: { ...ingest, when: { source: 'inputs.colour', is: 'present' } },
      },
    }),
  ).toThrow(/nothing produces inputs\.colour/)
})

test('an output of the workflow that nothing produces does not compile', () => {
  expect(() =>
    // @ts-expect-error there is no stage `train`
    defineWorkflow({ name: 'w', inputs, stages: { ingest }, outputs: { model: 'train.model' } }),
  ).toThrow(/nothing produces train\.model/)
})

test('an input that the kind of stage needs must be given', () => {
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        // @ts-expect-error clean needs `dataset`
        clean: { kind: 'clean', owner: 'x', inputs: {}, with: { name: 'c' } },
      },
    }),
  ).toThrow(/a clean stage needs the input dataset/)
})

test('an input that the kind of stage does not have does not compile', () => {
  expect(() =>
    defineWorkflow({
      name: 'w',
      inputs,
      stages: {
        // @ts-expect-error ingest has no input `more`
        ingest: { ...ingest, inputs: { transcripts: 'inputs.rows', more: 'inputs.rows' } },
      },
    }),
  ).toThrow(/a ingest stage has no input more/)
})
