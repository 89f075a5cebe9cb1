import { expect, test } from 'vitest'
import { inspect } from '../lint.ts'
import { drafted } from '../sound.fixture.ts'

const task = (inputs = {}) => ({
  kind: 'task',
  owner: 'x',
  inputs,
  outputs: { made: 'value' },
  with: { endpoint: 'e' },
})

test('what is promoted may come through another promotion, or be judged by a workflow within', () => {
  const twice = drafted((w) => {
    w.stages.again = {
      ...w.stages.promote,
      inputs: { model: 'promote.model', evaluation: 'evaluate.evaluation' },
      with: { alias: 'blessed' },
    }
  })
  expect(inspect(twice).findings).toEqual([])
  const within = drafted((w) => {
    w.stages.evaluate = {
      kind: 'workflow',
      owner: 'quality',
      inputs: { model: 'train.model' },
      outputs: { evaluation: 'evaluation' },
      with: { workflow: 'evaluation' },
    }
  })
  expect(inspect(within).findings).toEqual([])
})

test('the last stages of a workflow that only makes something are not dead, nor is what runs as a run ends', () => {
  const makes = drafted((w) => {
    w.stages = { clean: w.stages.clean, features: w.stages.features, train: w.stages.train }
  })
  expect(inspect(makes).findings).toEqual([])
  const cleansUp = drafted((w) => {
    w.stages.report = { ...task(), onFailure: true }
    w.stages.reserve = { ...task({ model: 'train.model' }), rollback: 'release' }
    w.stages.release = task()
  })
  expect(inspect(cleansUp).findings).toEqual([])
})

test('an online gate is sound where the model may have met traffic', () => {
  const online = { gate: 'online', params: { route: 'canary', metrics: { Groundedness: { overall: 0.7 } } } }
  const deployedFirst = drafted((w) => {
    w.stages.try = {
      ...w.stages.deploy,
      inputs: { model: 'train.model', prompt: 'inputs.prompt' },
      needs: ['evaluate'],
    }
    w.stages.promote.needs = ['try']
    w.stages.promote.gates.push(online)
  })
  expect(inspect(deployedFirst).findings).toEqual([])
  const deployedLongAgo = drafted((w) => {
    w.inputs.candidate = { kind: 'model' }
    w.stages.evaluate.inputs.model = 'inputs.candidate'
    w.stages.promote.inputs.model = 'inputs.candidate'
    w.stages.promote.gates.push(online)
    delete w.stages.train
  })
  expect(inspect(deployedLongAgo).findings.map(({ code }) => code)).not.toContain('offline-for-online')
})
