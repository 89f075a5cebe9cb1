import { Validator, type Schema } from '@cfworker/json-schema'
import { expect, test } from 'vitest'
import { supportAgent } from '../../examples/support-agent/workflow.ts'
import { WorkflowShape } from './shape.ts'
import { workflowJsonSchema } from './json-schema.ts'
import { drafted } from './sound.fixture.ts'

const schema = workflowJsonSchema()
const validator = new Validator(schema as Schema, '2020-12', false)
const accepts = (definition: unknown): boolean => validator.validate(definition as object).valid

test('the schema names itself and takes every workflow that Sluice takes', () => {
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:sluice:schema:workflow',
    title: 'Sluice workflow',
  })
  const thresholds = { Groundedness: 0.5, ContextRelevance: 0.5, TaskCompletion: 0.5, JSONValidation: 0.9 }
  for (const workflow of [drafted(), supportAgent(thresholds), WorkflowShape.parse(drafted())])
    expect(validator.validate(workflow).errors).toEqual([])
  expect(accepts({ $schema: './workflow.schema.json', ...drafted() })).toBe(true)
})

test.for<[string, Parameters<typeof drafted>[0]]>([
  ['no owner', (w) => delete w.stages.train.owner],
  ['a kind that is none', (w) => (w.stages.train.kind = 'teach')],
  ['a source that is none', (w) => (w.stages.train.inputs.dataset = '?')],
  ['a gate that is none', (w) => (w.stages.train.gates = [{ gate: 'luck' }])],
  ['a gate without its threshold', (w) => (w.stages.clean.gates[1].params = {})],
  ['a gate without any parameters where it needs some', (w) => delete w.stages.clean.gates[1].params],
  ['a parameter that the gate does not have', (w) => (w.stages.clean.gates[0].params = { maxFinding: 1 })],
  ['a limit out of range', (w) => (w.stages.promote.gates[0].params.margin = 2)],
  ['a stage that is not told what its kind must know', (w) => delete w.stages.train.with],
  ['what the kind of stage does not know', (w) => (w.stages.train.with.colour = 'red')],
  ['a field that no workflow has', (w) => (w.owner = 'x')],
  ['a trigger of no kind', (w) => (w.triggers[0].on = 'whim')],
])('the schema refuses %s', ([, change]) => {
  expect(accepts(drafted(change))).toBe(false)
})
