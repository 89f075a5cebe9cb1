import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type JsonValidationParams, jsonValidation } from './json-validation.ts'

const SCHEMA = {
  type: 'object',
  properties: {
    intent: { type: 'string' },
    score: { type: 'number', minimum: 0 },
    tags: { type: 'array', items: { type: 'string' } },
  },
  required: ['intent'],
  additionalProperties: false,
}

function check(response: string, schema?: unknown, params: Partial<JsonValidationParams> = {}) {
  return jsonValidation.evaluate(
    { messages: [], context: [], response, schema },
    { formats: false, remotes: {}, ...params },
  )
}

/** `check` within the second that a row may take, with room for a busy machine. */
function bounded(response: string, schema?: unknown) {
  const started = performance.now()
  const result = check(response, schema)
  expect(performance.now() - started).toBeLessThan(5000)
  return result
}

describe('JSONValidation@2', () => {
  test('a valid document scores 1, an invalid one 0 with pointers', () => {
    expect(check('{"intent":"refund","score":1,"tags":["a"]}', SCHEMA)).toEqual({
      score: 1,
      reason: 'Satisfies the schema.',
    })
    expect(check('{"score":-1,"tags":["a",2],"extra":{}}', SCHEMA)).toEqual({
      score: 0,
      reason:
        'Against the schema: /score: -1 is less than 0; /tags/1: 2 is an integer, not a string; the document: "intent" is missing; /extra: is not allowed.',
      evidence: {
        errors: [
          { path: '/score', message: '-1 is less than 0' },
          { path: '/tags/1', message: '2 is an integer, not a string' },
          { path: '', message: '"intent" is missing' },
          { path: '/extra', message: 'is not allowed' },
        ],
      },
    })
  })

  test('a reason names five errors and counts the others', () => {
    expect(
      check(JSON.stringify(Array.from({ length: 9 }, () => 'x')), { items: { type: 'integer' } }),
    ).toMatchObject({
      reason: expect.stringMatching(/\/4: "x" is a string, not an integer and 4 more\.$/),
    })
  })

  test('of alternatives, the nearest tells why', () => {
    const kinds = { oneOf: [{ type: 'string' }, { type: 'object', properties: { id: { type: 'integer' } } }] }
    expect(check('{"id":"x"}', kinds)).toMatchObject({
      reason: 'Against the schema: /id: "x" is a string, not an integer.',
    })
    expect(check('4', kinds)).toMatchObject({
      reason:
        'Against the schema: the document: fits none of the 2 alternatives of oneOf: 4 is an integer, not a string.',
    })
    expect(check('4', { oneOf: [{ minimum: 1 }, { minimum: 2 }, false] })).toMatchObject({
      reason: 'Against the schema: the document: fits alternatives 1 and 2 of oneOf, which allows one only.',
    })
  })

  test('without a schema the response must be a JSON object', () => {
    expect(check('{}')).toMatchObject({ score: 1 })
    expect(check('[]')).toMatchObject({ score: 0 })
    expect(check('{} {}')).toMatchObject({
      score: 0,
      reason: expect.stringContaining('not one JSON document'),
    })
    expect(check('```json\n{}\n```')).toMatchObject({ score: 0 })
    expect(check('')).toMatchObject({ score: 0 })
    expect(check('{}', true)).toMatchObject({ score: 1 })
    expect(check('{}', false)).toMatchObject({ score: 0 })
  })

  test('drafts: by $schema, else by the parameter, else 2020-12', () => {
    const old = { items: [{ type: 'string' }], additionalItems: false }
    expect(check('["a","b"]', { prefixItems: [{ type: 'string' }], items: false })).toMatchObject({
      score: 0,
    })
    expect(check('["a","b"]', { $schema: 'http://json-schema.org/draft-07/schema#', ...old })).toMatchObject({
      score: 0,
    })
    expect(check('["a","b"]', old, { draft: '2019-09' })).toMatchObject({ score: 0 })
    expect(check('["a"]', old)).toEqual({
      error:
        "the schema can't be applied: at /items it must have one schema (a list of them is prefixItems since 2020-12)",
    })
    expect(check('{}', { $schema: 'http://json-schema.org/draft-04/schema#' })).toEqual({
      error: "the schema can't be applied: it is written in draft 4: 7, 2019-09, 2020-12 are known",
    })
  })

  test('formats decide only where they are asked to', () => {
    expect(check('"x"', { format: 'email' })).toMatchObject({ score: 1 })
    expect(check('"x"', { format: 'email' }, { formats: true })).toMatchObject({ score: 0 })
    expect(check('"a@b.example"', { format: 'email' }, { formats: true })).toMatchObject({ score: 1 })
    expect(check('"x"', { format: 'colour' }, { formats: true })).toMatchObject({ score: 1 })
  })

  test('a reference to another document needs that document', () => {
    const uri = 'https://example.com/money.json'
    const schema = { properties: { price: { $ref: `${uri}#/$defs/amount` } } }
    expect(check('{}', schema)).toEqual({
      error: `the schema can't be applied: it refers to another document (${uri}#/$defs/amount): put it into the metric's params.remotes`,
    })
    const remotes = { [uri]: { $defs: { amount: { type: 'number' } } } }
    expect(check('{"price":"1"}', schema, { remotes })).toMatchObject({ score: 0 })
    expect(check('{"price":1}', schema, { remotes })).toMatchObject({ score: 1 })
    expect(
      check('{"price":1}', schema, { remotes: { 'money.json': { $id: uri, ...remotes[uri] } } }),
    ).toMatchObject({ score: 1 })
    expect(check('{}', schema, { remotes: { [uri]: {} } })).toMatchObject({
      error: expect.stringContaining('is not there'),
    })
    expect(check('{}', schema, { remotes: { [uri]: 'text' } })).toMatchObject({
      error: expect.stringContaining('no schema at'),
    })
  })

  test("the drafts' own metaschemas are known", () => {
    for (const $ref of [
      'http://json-schema.org/draft-07/schema#',
      'https://json-schema.org/draft/2019-09/schema',
      'https://json-schema.org/draft/2020-12/schema',
    ]) {
      expect(check('{"properties":{"a":{"type":"string"}}}', { $ref })).toMatchObject({ score: 1 })
      expect(check('{"properties":{"a":{"type":"text"}}}', { $ref })).toMatchObject({
        reason: expect.stringContaining('/properties/a/type: '),
      })
    }
  })

  test('a document that receivers read differently scores 0', () => {
    expect(check('{"a":1,"a":2}')).toEqual({
      score: 0,
      reason: '/a stands twice: receivers differ in which one they take.',
      evidence: { duplicates: ['/a'] },
    })
    expect(check('{"a":1e400}')).toMatchObject({
      score: 0,
      reason: '/a (1e400) is beyond what receivers can hold as a number.',
    })
    expect(check('{"id":9007199254740993}')).toMatchObject({
      score: 1,
      reason:
        'Satisfies the schema. /id (9007199254740993) is beyond 2^53 and was judged as 9007199254740992.',
    })
  })

  test('names of prototypes are names like others', () => {
    expect(check('{"toString":1}', { properties: {}, additionalProperties: false })).toMatchObject({
      score: 0,
    })
    expect(check('{}', { required: ['constructor'] })).toMatchObject({ score: 0 })
    const proto: unknown = JSON.parse(
      '{"properties":{"__proto__":{"type":"string"}},"additionalProperties":false}',
    )
    expect(check('{"__proto__":1}', proto)).toMatchObject({
      reason: expect.stringContaining('/__proto__: 1 is an integer'),
    })
    expect(check('{"__proto__":"x"}', proto)).toMatchObject({ score: 1 })
  })

  test('characters are counted, floats are multiplied as they are written', () => {
    expect(check('"😀😀"', { maxLength: 2, minLength: 2 })).toMatchObject({ score: 1 })
    expect(check('19.99', { multipleOf: 0.01 })).toMatchObject({ score: 1 })
    expect(check('1e308', { multipleOf: 0.123456789 })).toMatchObject({ score: 0 })
  })

  test('the given schema is left as it was, frozen or not', () => {
    const frozen = Object.freeze({
      $ref: '#/$defs/a',
      $defs: Object.freeze({ a: Object.freeze({ type: 'object' }) }),
    })
    expect(check('{}', frozen)).toMatchObject({ score: 1 })
    expect(Object.getOwnPropertyNames(frozen)).toEqual(['$ref', '$defs'])
  })

  test('a schema that is none, or a missing response, is an error', () => {
    expect(check('{}', 'object')).toEqual({ error: 'schema is neither an object nor true or false' })
    expect(check('{}', null)).toEqual({ error: 'schema is neither an object nor true or false' })
    expect(check('{}', { properties: { a: { type: 'text' } } })).toMatchObject({
      error: expect.stringContaining('at /properties/a/type'),
    })
    // @ts-expect-error: rows from outside may lack fields
    expect(jsonValidation.evaluate({}, { formats: false, remotes: {} })).toEqual({
      error: 'response is missing or no text',
    })
  })

  test('parameters have defaults and no others', () => {
    expect(jsonValidation.params?.parse({})).toEqual({ formats: false, remotes: {} })
    expect(jsonValidation.params?.safeParse({ draft: '4' }).success).toBe(false)
    expect(jsonValidation.params?.safeParse({ fetch: true }).success).toBe(false)
  })

  test('any document and schema: 0, 1 or an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.json(), fc.string({ unit: 'binary' })),
        fc.option(fc.jsonValue(), { nil: undefined }),
        (response, schema) => {
          const result = check(response, schema)
          if (!('error' in result)) expect([0, 1]).toContain(result.score)
          expect(check(response, schema)).toEqual(result)
        },
      ),
    )
  })
})

/** A chain of definitions, each of which applies the next as often as told. */
function chain(length: number, times: number): Record<string, unknown> {
  const step = (next: number) =>
    times === 1
      ? { $ref: `#/$defs/s${next}` }
      : { allOf: Array.from({ length: times }, () => ({ $ref: `#/$defs/s${next}` })) }
  const $defs = Object.fromEntries(
    Array.from({ length }, (_, i) => [`s${i}`, i === length - 1 ? {} : step(i + 1)]),
  )
  return { $ref: '#/$defs/s0', $defs }
}

describe('hostile input ends in bounded time', () => {
  test('references that never end, or fan out', () => {
    for (const schema of [
      { $ref: '#' },
      { allOf: [{ $ref: '#' }] },
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { not: { $ref: '#/$defs/a' } } } },
      { $dynamicAnchor: 'x', anyOf: [{ $dynamicRef: '#x' }] },
    ])
      expect(bounded('{}', schema)).toEqual({
        error: "the schema can't be applied: its references go round in a circle",
      })
    expect(bounded('{}', chain(60, 2))).toMatchObject({
      error: expect.stringContaining('more than 4000000 checks'),
    })
    expect(bounded('{}', chain(5000, 1))).toMatchObject({
      error: expect.stringContaining('deeper than 1000 levels'),
    })
    const twice = { properties: { a: { allOf: [{ $ref: '#' }, { $ref: '#' }] } } }
    expect(bounded(`${'{"a":'.repeat(60)}1${'}'.repeat(60)}`, twice)).toMatchObject({
      error: expect.stringContaining('more than 4000000 checks'),
    })
    const tree = {
      anyOf: [
        { type: 'integer' },
        { properties: { a: { $ref: '#' } }, unevaluatedProperties: false, type: 'object' },
      ],
    }
    expect(bounded(`${'{"a":'.repeat(99)}1${'}'.repeat(99)}`, tree)).toMatchObject({ score: 1 })
    expect(bounded(`${'{"a":'.repeat(99)}"x"${'}'.repeat(99)}`, tree)).toMatchObject({ score: 0 })
  })

  test('depth and size of response and schema', () => {
    expect(bounded('['.repeat(500_000))).toMatchObject({
      reason: expect.stringContaining('nested deeper than 100 levels'),
    })
    expect(bounded(`"${'x'.repeat(3_000_000)}"`)).toEqual({
      error: 'response is longer than 2000000 characters',
    })
    let deep: unknown = {}
    for (let i = 0; i < 5000; i++) deep = { not: deep }
    expect(bounded('{}', deep)).toEqual({
      error: "the schema can't be applied: it is nested deeper than 100 levels",
    })
    const wide = { enum: Array.from({ length: 600_000 }, (_, i) => i) }
    expect(bounded('{}', wide)).toEqual({
      error: "the schema can't be applied: it has more than 500000 values",
    })
  })

  test('lists of 100,000 items and values', () => {
    const objects = JSON.stringify(Array.from({ length: 90_000 }, (_, id) => ({ id })))
    expect(bounded(objects, { uniqueItems: true })).toMatchObject({ score: 1 })
    expect(
      bounded(objects, {
        items: {
          properties: { id: { type: 'integer', minimum: 0 } },
          required: ['id'],
          additionalProperties: false,
        },
      }),
    ).toMatchObject({ score: 1 })
    const names = Array.from({ length: 100_000 }, (_, i) => `n${i}`)
    expect(bounded(JSON.stringify(names.slice(0, 20_000)), { items: { enum: names } })).toMatchObject({
      score: 1,
    })
    const members = JSON.stringify(Object.fromEntries(names.slice(0, 20_000).map((name) => [name, 1])))
    const patterns = Object.fromEntries(names.slice(0, 2000).map((name) => [`^${name}`, {}]))
    expect(bounded(members, { patternProperties: patterns })).toMatchObject({
      error: expect.stringContaining('more than 4000000 checks'),
    })
  })

  test('patterns', () => {
    const text = `"${'a'.repeat(1_000_000)}!"`
    for (const pattern of ['^(a+)+$', '(a|a)*b', '(a*)*$x', 'a*a*a*b', '^(\\w+\\s?)*$'])
      expect(bounded(text, { pattern })).toMatchObject({ score: 0 })
    expect(bounded('{"aaaa":1}', { patternProperties: { '^(a+)+$': { type: 'string' } } })).toMatchObject({
      score: 0,
    })
    expect(bounded('"aaa"', { pattern: '(a*)*\\1' })).toEqual({
      error: "the schema can't be applied: it has a pattern that could run for ever: (a*)*\\1",
    })
    expect(bounded('"aaa"', { pattern: '(' })).toMatchObject({
      error: expect.stringContaining('is no regular expression'),
    })
    const many = JSON.stringify(Array.from({ length: 1000 }, () => `${'ab'.repeat(500)}c`))
    expect(bounded(many, { items: { pattern: '([ab]+)+b[ab]{300}c$' } })).toMatchObject({
      error: expect.stringContaining('more than 4000000 checks'),
    })
  })
})
