import { expect, test } from 'vitest'
import { EVALUATORS } from '../../../../domain/evaluators/registry.ts'
import { claimsOf } from './claims.ts'

const INPUT = {
  messages: [{ role: 'user' as const, content: 'When does it arrive?' }],
  context: ['The parcel was sent on Monday from Hamburg. It arrives within 3 days and cannot be returned.'],
  response: 'The parcel arrives within 5 days. It can be returned to Berlin.',
}

function evidenceOf(name: string): Record<string, unknown> {
  const evaluator = EVALUATORS.find((each) => each.name === name)!
  const result = evaluator.params
    ? evaluator.evaluate(INPUT, evaluator.params.parse({}) as never)
    : (evaluator.evaluate as (input: typeof INPUT) => ReturnType<typeof evaluator.evaluate>)(INPUT)
  if ('error' in result) throw new Error(result.error)
  // As it comes over the wire.
  return JSON.parse(JSON.stringify(result.evidence)) as Record<string, unknown>
}

test('what Groundedness tells of each sentence is read', () => {
  const { claims, rest } = claimsOf(evidenceOf('Groundedness'))
  expect(claims.map(({ text }) => text)).toEqual([
    'The parcel arrives within 5 days.',
    'It can be returned to Berlin.',
  ])
  expect(claims[0]).toMatchObject({ missingNumbers: ['5 days'], support: expect.any(Number) })
  expect(claims[1]).toMatchObject({ missingEntities: ['Berlin'] })
  expect(rest).not.toHaveProperty('sentences')
  expect(rest).toHaveProperty('copyRate')
})

test('and what Faithfulness says of each claim', () => {
  const { claims } = claimsOf(evidenceOf('Faithfulness'))
  expect(claims.length).toBeGreaterThanOrEqual(2)
  for (const { verdict, because } of claims) {
    expect(['supported', 'unsupported', 'contradicted']).toContain(verdict)
    expect(because).not.toBeNull()
  }
})

test('evidence of another shape stays whole', () => {
  const evidence = { claims: ['a', 'b'], sentences: 3, f1: 0.4 }
  expect(claimsOf(evidence)).toEqual({ claims: [], rest: evidence })
})
