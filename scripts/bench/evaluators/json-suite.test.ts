import { expect, test } from 'vitest'
import { type SuiteTest, suiteAgreement } from './json-suite.ts'

const base: SuiteTest = {
  id: '1',
  draft: 'draft7',
  file: 'ref.json',
  optional: false,
  group: 'a remote',
  test: 'fits',
  schema: { $ref: 'http://localhost:1234/integer.json' },
  data: 1,
  valid: true,
}

test('agreement is told by draft, required and optional tests apart, with what was missed', () => {
  const tests: SuiteTest[] = [
    base,
    { ...base, id: '2', data: 'x', valid: true },
    { ...base, id: '3', schema: { $ref: 'http://localhost:1234/none.json' } },
    {
      ...base,
      id: '4',
      draft: 'draft2020-12',
      file: 'optional/format/ipv4.json',
      optional: true,
      schema: { format: 'ipv4' },
      data: '1.2.3',
      valid: false,
    },
  ]
  const { draft7, 'draft2020-12': latest } = suiteAgreement(tests, {
    'http://localhost:1234/integer.json': { type: 'integer' },
  })
  expect(draft7?.required).toMatchObject({ tests: 3, agreed: 1 })
  expect(draft7?.required.misses).toEqual([
    { id: '2', test: 'a remote: fits', got: 'false' },
    { id: '3', test: 'a remote: fits', got: expect.stringContaining('another document') },
  ])
  expect(latest?.optional).toEqual({ tests: 1, agreed: 1, misses: [] })
})
