import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonValidation } from './json-validation.ts'

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

function check(response: string, schema?: unknown) {
  return jsonValidation.evaluate({ messages: [], context: [], response, schema })
}

describe('JSONValidation@1', () => {
  test('a valid document scores 1, an invalid one 0 with paths', () => {
    expect(check('{"intent":"refund","score":1,"tags":["a"]}', SCHEMA)).toEqual({
      score: 1,
      reason: 'Satisfies the schema.',
    })
    const result = check('{"score":-1,"tags":["a",2]}', SCHEMA)
    expect(result).toMatchObject({ score: 0 })
    expect(result).toMatchInlineSnapshot(`
      {
        "evidence": {
          "errors": [
            {
              "message": "Instance does not have required property "intent"",
              "path": "#",
            },
            {
              "message": "-1 is less than 0",
              "path": "#/score",
            },
            {
              "message": "Instance type "number" is invalid. Expected "string"",
              "path": "#/tags/1",
            },
          ],
        },
        "reason": "Against the schema: #: Instance does not have required property "intent"; #/score: -1 is less than 0; #/tags/1: Instance type "number" is invalid. Expected "string".",
        "score": 0,
      }
    `)
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
  })

  test('drafts: 2020-12 unless $schema says otherwise', () => {
    const tuple = { prefixItems: [{ type: 'string' }], items: false }
    expect(check('["a","b"]', tuple)).toMatchObject({ score: 0 })
    const seven = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      items: [{ type: 'string' }],
      additionalItems: false,
    }
    expect(check('["a","b"]', seven)).toMatchObject({ score: 0 })
    expect(check('["a"]', seven)).toMatchObject({ score: 1 })
  })

  test('a reference to another document is an error of the row', () => {
    expect(check('{}', { $ref: 'https://example.com/schema.json' })).toEqual({
      error: 'schema refers to another document (https://example.com/schema.json): it is not fetched',
    })
    expect(
      check('{"a":{"a":{}}}', {
        $ref: '#/$defs/n',
        $defs: { n: { properties: { a: { $ref: '#/$defs/n' } } } },
      }),
    ).toMatchObject({ score: 1 })
    expect(check('{}', { $ref: '#' })).toMatchObject({ error: expect.stringContaining("can't be applied") })
  })

  test('depth, size and patterns are bounded', () => {
    expect(check('['.repeat(500_000))).toMatchObject({
      score: 0,
      reason: expect.stringContaining('nested deeper than 100 levels'),
    })
    let deep: unknown = {}
    for (let i = 0; i < 5000; i++) deep = { not: deep }
    expect(check('{}', deep)).toEqual({ error: 'schema is nested deeper than 100 levels' })
    expect(check('"x"', { pattern: '(a+)+$' })).toEqual({
      error: 'schema has a pattern that could run for ever: (a+)+$',
    })
    expect(check(`"${'x'.repeat(3_000_000)}"`)).toEqual({
      error: 'response is longer than 2000000 characters',
    })
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
    expect(check('{}', 'object')).toEqual({ error: 'schema is no JSON object' })
    // @ts-expect-error: rows from outside may lack fields
    expect(jsonValidation.evaluate({})).toEqual({ error: 'response is missing or no text' })
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
