import { expect, test } from 'vitest'
import { addCounts, redactionStatement } from './attestation.ts'
import { canaries, canaryRecall } from './canaries.ts'

test('the statement is an in-toto v1 statement with the counts as given', () => {
  const recall = canaryRecall(42)
  const statement = redactionStatement({
    dataset: { ref: 'dataset:support@3', sha256: 'ab'.repeat(32) },
    rows: 2000,
    findings: { EMAIL: 12 },
    residual: {},
    canaries: recall,
  })
  expect(statement).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'dataset:support@3', digest: { sha256: 'ab'.repeat(32) } }],
    predicate: {
      redactor: { version: '2' },
      rows: 2000,
      findings: { EMAIL: 12 },
      residual: {},
      canaries: { seed: 42, planted: 200 },
    },
  })
  expect(JSON.parse(JSON.stringify(statement))).toEqual(statement)
})

test('a digest that is none is refused', () => {
  const facts = { rows: 1, findings: {}, residual: {}, canaries: canaryRecall(1) }
  expect(() => redactionStatement({ ...facts, dataset: { ref: 'x', sha256: 'AB' } })).toThrow(
    '64 lower-case hex digits',
  )
})

test('canaries are the same for a seed and others for another', () => {
  expect(canaries(1)).toEqual(canaries(1))
  expect(canaries(1)).not.toEqual(canaries(2))
})

test('recall is measured, not assumed: a redactor that does nothing finds none', () => {
  expect(canaryRecall(1, (text) => text).found).toBe(0)
  expect(canaryRecall(1, () => '').found).toBe(200)
})

test('the redactor keeps its recall', () => {
  const seeds = [1, 2, 3, 4, 5].map((seed) => canaryRecall(seed))
  for (const kind of ['EMAIL', 'PHONE', 'CARD', 'IBAN', 'SSN', 'IP', 'ADDRESS'] as const) {
    const share = seeds.reduce((sum, recall) => sum + recall.byKind[kind].found, 0) / 125
    expect([kind, share >= 0.95]).toEqual([kind, true])
  }
  expect(seeds.reduce((sum, recall) => sum + recall.byKind.PERSON.found, 0) / 125).toBeGreaterThan(0.95)
})

test('counts add up over shards', () => {
  expect(addCounts({ EMAIL: 1 }, { EMAIL: 2, CARD: 1 })).toEqual({ EMAIL: 3, CARD: 1 })
})
