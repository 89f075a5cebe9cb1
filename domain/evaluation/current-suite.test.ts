import { expect, test } from 'vitest'
import { evaluatorByName } from '../evaluators/registry.ts'
import { currentSuite } from './current-suite.ts'

test('a stored suite is read with what has become a default since', () => {
  const { version } = evaluatorByName('Groundedness')!
  const stored = { name: 's', metrics: [{ metric: 'G', evaluator: 'Groundedness', version }] }
  expect(currentSuite(stored).metrics).toEqual([
    { metric: 'G', evaluator: 'Groundedness', version, engine: 'rule', params: {}, reference: true },
  ])
})

test.for([
  [{ evaluator: 'Groundedness', version: '0' }, 'G by Groundedness@0: Groundedness is at version'],
  [{ evaluator: 'Luck', version: '1' }, 'G by Luck@1: not one of'],
])('%j is outdated, and the refusal says what there is', ([metric, sentence]) => {
  expect(() => currentSuite({ name: 's', metrics: [{ metric: 'G', ...(metric as object) }] })).toThrow(
    expect.objectContaining({ code: 'suite.outdated', message: expect.stringContaining(sentence as string) }),
  )
})
