import { expect, test } from 'vitest'
import {
  type JsonValidationParams,
  jsonValidation,
} from '../../domain/evaluators/structure/json-validation.ts'

/** In workerd itself: its stack is not Node's, and code can't be generated there. */
function check(response: string, schema: unknown, params: Partial<JsonValidationParams> = {}) {
  return jsonValidation.evaluate(
    { messages: [], context: [], response, schema },
    { formats: false, remotes: {}, ...params },
  )
}

test('formats, metaschemas and patterns need no generated code', () => {
  expect(
    check('"a@b.example"', { format: 'email', pattern: '^(\\w|@|[.])+$' }, { formats: true }),
  ).toMatchObject({ score: 1 })
  const $ref = 'https://json-schema.org/draft/2020-12/schema'
  expect(check('{"type":"text"}', { $ref })).toMatchObject({ score: 0 })
  expect(check(`"${'a'.repeat(1_000_000)}!"`, { pattern: '^(a+)+$' })).toMatchObject({ score: 0 })
})

test('the deepest document and schema are far from the end of the stack', () => {
  let schema: unknown = { $ref: '#/$defs/node' }
  for (let i = 0; i < 20; i++)
    schema = { anyOf: [false, { if: false, else: schema }], unevaluatedProperties: true }
  const node = {
    oneOf: [
      { type: 'integer' },
      { properties: { a: { allOf: [{ $ref: '#/$defs/node' }] } }, type: 'object' },
    ],
  }
  const deep = { ...(schema as object), $defs: { node } }
  for (const end of ['1', '"x"']) {
    expect(check(`${'{"a":'.repeat(99)}${end}${'}'.repeat(99)}`, deep)).toMatchObject({
      score: end === '1' ? 1 : 0,
    })
  }
  const step = (next: number) => ({
    properties: { a: {} },
    allOf: [{ $ref: `#/$defs/s${next}` }],
    unevaluatedProperties: true,
  })
  const $defs = Object.fromEntries(
    Array.from({ length: 2000 }, (_, i) => [`s${i}`, i === 1999 ? {} : step(i + 1)]),
  )
  expect(check('{}', { $ref: '#/$defs/s0', $defs })).toMatchObject({
    error: expect.stringContaining('deeper than 1000 levels'),
  })
})
