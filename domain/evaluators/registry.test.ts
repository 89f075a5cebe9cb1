import { expect, test } from 'vitest'
import { EVALUATORS, evaluatorByName } from './registry.ts'

test('evaluators are found by name, with or without a version, and are listed once', () => {
  expect(EVALUATORS.map((one) => `${one.name}@${one.version}`)).toEqual([
    'Groundedness@1',
    'ContextRelevance@1',
    'TaskCompletion@1',
    'JSONValidation@1',
  ])
  expect(evaluatorByName('Groundedness')).toBe(EVALUATORS[0])
  expect(evaluatorByName('TaskCompletion@1')).toBe(EVALUATORS[2])
  expect(evaluatorByName('TaskCompletion@2')).toBeUndefined()
})
