import Ajv from 'ajv'
import Ajv2019 from 'ajv/dist/2019.js'
import Ajv2020 from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { Check } from 'typebox/schema'
import { expect, test } from 'vitest'
import type { Draft } from './dialect.ts'
import type { JsonObject } from './value.ts'
import { validateJson } from './validate.ts'

/** A reference: ajv (https://ajv.js.org), which generates code and so can't run in a Worker. */
const AJV = { '7': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 }
const RUNS = Number(process.env.REFERENCE_RUNS ?? 300)

/** Not the names that ajv takes for absent or inherited: '' and '__proto__'. */
const name = fc.constantFrom('a', 'b', 'c', 'constructor')
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, -1, 1.5, 1e20, '', 'a', 'ab', '😀', 'x1'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
})).value
const type = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object')
const count = fc.integer({ min: 0, max: 3 })
const names = fc.uniqueArray(name, { maxLength: 3 })

/** Schemas of a draft, with references to `#` only below a property or an item, so that all of them end. */
function schemas(draft: Draft): fc.Arbitrary<JsonObject | boolean> {
  const since2019 = draft !== '7'
  return fc.letrec<{ schema: JsonObject | boolean; child: JsonObject | boolean }>((tie) => {
    const inner = tie('schema')
    const child = tie('child')
    const list = fc.array(inner, { minLength: 1, maxLength: 3 })
    const some = (model: Record<string, fc.Arbitrary<unknown>>) => fc.record(model, { requiredKeys: [] })
    const tuple = fc.array(child, { minLength: 1, maxLength: 2 })
    const keywords = fc.oneof(
      some({ type: fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 })) }),
      some({
        enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }),
      }),
      some({ const: value }),
      some({ minimum: count, exclusiveMaximum: count, multipleOf: fc.constantFrom(1, 2, 0.5) }),
      some({ minLength: count, maxLength: count, pattern: fc.constantFrom('a', '^.$', '[0-9]', '^(a|b)*$') }),
      some({ minItems: count, maxItems: count, uniqueItems: fc.boolean() }),
      some({ minProperties: count, maxProperties: count, required: names }),
      some({
        properties: fc.dictionary(name, child, { maxKeys: 3 }),
        patternProperties: fc.dictionary(fc.constantFrom('a', '^b', '^$'), child, { maxKeys: 2 }),
        additionalProperties: child,
      }),
      some({ propertyNames: child }),
      draft === '2020-12'
        ? some({ prefixItems: tuple, items: child })
        : some({ items: fc.oneof(child, tuple), additionalItems: child }),
      some({ contains: child, ...(since2019 ? { minContains: count, maxContains: count } : {}) }),
      some({ allOf: list, anyOf: list }),
      some({ oneOf: list, not: inner }),
      // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
      some({ if: inner, then: inner, else: inner }),
      since2019
        ? some({
            dependentRequired: fc.dictionary(fc.constantFrom('a', 'b'), names, { maxKeys: 2 }),
            dependentSchemas: fc.dictionary(fc.constantFrom('a', 'b'), inner, { maxKeys: 2 }),
          })
        : some({
            dependencies: fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(names, inner), { maxKeys: 2 }),
          }),
      ...(since2019
        ? [
            some({
              anyOf: list,
              unevaluatedProperties: child,
              properties: fc.dictionary(name, child, { maxKeys: 2 }),
            }),
            some({ if: inner, unevaluatedItems: child, allOf: list }),
          ]
        : []),
    )
    return {
      schema: fc.oneof(
        { maxDepth: 3, depthIdentifier: 'schema' },
        fc.boolean(),
        keywords,
        fc.tuple(keywords, keywords).map(([a, b]) => ({ ...a, ...b })),
      ),
      child: fc.oneof({ weight: 6, arbitrary: inner }, { weight: 1, arbitrary: fc.constant({ $ref: '#' }) }),
    }
  }).schema
}

test.each(['7', '2019-09', '2020-12'] as const)(
  'agrees with ajv and TypeBox on random schemas of draft %s',
  (draft) => {
    const ajv = new AJV[draft]({
      strict: false,
      logger: false,
      ownProperties: true,
      validateSchema: false,
    })
    fc.assert(
      fc.property(schemas(draft), fc.array(value, { minLength: 1, maxLength: 3 }), (generated, values) => {
        // As a row has them: no prototypes, no undefined, no -0.
        const [schema, documents] = JSON.parse(JSON.stringify([generated, values]))
        for (const document of documents) {
          const result = validateJson(schema, document, { draft })
          if ('problem' in result) throw new Error(result.problem)
          const [first, second] = [byAjv(ajv, schema, document), Check({}, schema, document)]
          // Each is wrong at times, as ajv is of what a failed alternative looked at.
          if (first === second) expect(result.valid).toBe(first)
          expect(result.errors.length > 0).toBe(!result.valid)
        }
        if (typeof schema === 'object') ajv.removeSchema(schema)
      }),
      { numRuns: RUNS },
    )
  },
)

function byAjv(ajv: Ajv, schema: JsonObject | boolean, value: unknown): unknown {
  try {
    return ajv.validate(schema, value)
  } catch {
    // Some of the code that it generates does not run.
    return undefined
  }
}
