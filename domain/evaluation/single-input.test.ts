import { expect, test } from 'vitest'
import { EVALUATORS } from '../evaluators/registry.ts'
import { SingleInput, wholeMetrics } from './single-input.ts'

const version = (name: string) => EVALUATORS.find((one) => one.name === name)!.version

test('a name is the current version by its usual engine; the same again is named by its engine', () => {
  expect(
    wholeMetrics(['Groundedness', { evaluator: 'Groundedness', engine: 'judge' }, 'HumanLabel']),
  ).toEqual([
    { metric: 'Groundedness', evaluator: 'Groundedness', engine: 'rule', version: version('Groundedness') },
    { metric: 'Groundedness-judge', evaluator: 'Groundedness', engine: 'judge', version: '1' },
    { metric: 'HumanLabel', evaluator: 'HumanLabel', engine: 'human', version: '1' },
  ])
})

test('what is said stands, and an unknown evaluator is left for the suite to refuse', () => {
  expect(
    wholeMetrics([{ evaluator: 'Groundedness', version: '9', metric: 'mine', reference: false }]),
  ).toEqual([{ metric: 'mine', evaluator: 'Groundedness', engine: 'rule', version: '9', reference: false }])
  expect(wholeMetrics(['Nothing'])).toEqual([
    { metric: 'Nothing', evaluator: 'Nothing', engine: 'rule', version: '' },
  ])
})

test.for([
  [{ response: 'x'.repeat(1_000_001) }, 'response', 'may have at most 1000000 characters'],
  [
    { response: '', context: Array.from({ length: 501 }, () => 'x') },
    'context',
    'may have at most 500 entries',
  ],
  [{}, 'response', 'Invalid input: expected string, received undefined'],
  [{ response: '', messages: [{ role: 'tool', content: '' }] }, 'messages.0.role', /^Invalid option/],
] as const)('an input that is too large or wrong says where: %#', ([input, field, message]) => {
  const issue = SingleInput.safeParse(input).error!.issues[0]!
  expect(issue.path.join('.')).toBe(field)
  expect(issue.message).toMatch(message)
})
