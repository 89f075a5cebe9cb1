import { type Draft } from './dialect.ts'
import { isObject, type JsonObject } from './value.ts'

/** Where a keyword has schemas of its own. */
export type Subschemas = 'one' | 'list' | 'map' | 'oneOrList' | 'mapOrLists'

interface Shape {
  subschemas?: Subschemas
  /** What it must be, as an error says, and whether it is. */
  must?: readonly [text: string, is: (operand: unknown) => boolean]
  since?: Draft
  until?: Draft
}

const ORDER: Record<Draft, number> = { '7': 0, '2019-09': 1, '2020-12': 2 }

/** Whether a draft knows a keyword at all. */
function knownIn(draft: Draft, { since = '7', until = '2020-12' }: Pick<Shape, 'since' | 'until'>): boolean {
  return ORDER[since] <= ORDER[draft] && ORDER[draft] <= ORDER[until]
}

/** The shape of a keyword in a draft; undefined when the draft does not know it. */
export function shapeOf(keyword: string, draft: Draft): Shape | undefined {
  const shape = keyword === 'items' ? ITEMS[draft] : SHAPES.get(keyword)
  return shape && knownIn(draft, shape) ? shape : undefined
}

const TYPES = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer'])
const isText = (operand: unknown) => typeof operand === 'string'
const isTexts = (operand: unknown) => Array.isArray(operand) && operand.every(isText)
const isCount = (operand: unknown) => Number.isInteger(operand) && Number(operand) >= 0
const isMap = (operand: unknown) => isObject(operand)

const text: Shape = { must: ['a string', isText] }
const flag: Shape = { must: ['true or false', (operand) => typeof operand === 'boolean'] }
const bound: Shape = { must: ['a number', (operand) => Number.isFinite(operand)] }
const count: Shape = { must: ['a whole number from 0 on', isCount] }
const one: Shape = { subschemas: 'one' }
const list: Shape = { subschemas: 'list' }
const map: Shape = { subschemas: 'map' }

const SHAPES = new Map<string, Shape>(
  Object.entries<Shape>({
    $id: text,
    $ref: text,
    $schema: text,
    $anchor: { ...text, since: '2019-09' },
    $recursiveRef: { ...text, since: '2019-09', until: '2019-09' },
    $recursiveAnchor: { ...flag, since: '2019-09', until: '2019-09' },
    $dynamicRef: { ...text, since: '2020-12' },
    $dynamicAnchor: { ...text, since: '2020-12' },
    $defs: { ...map, since: '2019-09' },
    definitions: map,
    type: {
      must: [
        `one of ${[...TYPES].join(', ')}, or a list of these`,
        (operand) =>
          (isTexts(operand) ? (operand as string[]) : [operand]).every((name) => TYPES.has(String(name))),
      ],
    },
    const: {},
    enum: { must: ['a list', Array.isArray] },
    multipleOf: { must: ['a number above 0', (operand) => Number.isFinite(operand) && Number(operand) > 0] },
    maximum: bound,
    exclusiveMaximum: bound,
    minimum: bound,
    exclusiveMinimum: bound,
    maxLength: count,
    minLength: count,
    pattern: text,
    format: text,
    maxItems: count,
    minItems: count,
    uniqueItems: flag,
    maxContains: { ...count, since: '2019-09' },
    minContains: { ...count, since: '2019-09' },
    maxProperties: count,
    minProperties: count,
    required: { must: ['a list of names', isTexts] },
    dependentRequired: {
      since: '2019-09',
      must: [
        'an object with lists of names',
        (operand) => isMap(operand) && Object.values(operand as JsonObject).every(isTexts),
      ],
    },
    dependentSchemas: { ...map, since: '2019-09' },
    dependencies: { subschemas: 'mapOrLists' },
    properties: map,
    patternProperties: map,
    additionalProperties: one,
    propertyNames: one,
    unevaluatedProperties: { ...one, since: '2019-09' },
    prefixItems: { ...list, since: '2020-12' },
    additionalItems: { ...one, until: '2019-09' },
    unevaluatedItems: { ...one, since: '2019-09' },
    contains: one,
    allOf: list,
    anyOf: list,
    oneOf: list,
    not: one,
    if: one,
    // oxlint-disable-next-line unicorn/no-thenable -- the keyword of JSON Schema
    then: one,
    else: one,
    contentSchema: { ...one, since: '2019-09' },
  }),
)

const ITEMS: Record<Draft, Shape> = {
  '7': { subschemas: 'oneOrList' },
  '2019-09': { subschemas: 'oneOrList' },
  '2020-12': {
    ...one,
    must: ['one schema (a list of them is prefixItems since 2020-12)', (operand) => !Array.isArray(operand)],
  },
}

/** Schemas directly within a schema by the place they stand at, or the keyword whose operand is malformed. */
export function subschemasOf(
  schema: JsonObject,
  draft: Draft,
): { found: { place: string[]; schema: unknown }[] } | { keyword: string; must: string } {
  const found: { place: string[]; schema: unknown }[] = []
  for (const [keyword, operand] of Object.entries(schema)) {
    const shape = shapeOf(keyword, draft)
    if (!shape) continue
    if (shape.must && !shape.must[1](operand)) return { keyword, must: shape.must[0] }
    const many = shape.subschemas === 'list' || (shape.subschemas === 'oneOrList' && Array.isArray(operand))
    if (many) {
      if (!Array.isArray(operand)) return { keyword, must: 'a list of schemas' }
      operand.forEach((item, index) => found.push({ place: [keyword, String(index)], schema: item }))
    } else if (shape.subschemas === 'map' || shape.subschemas === 'mapOrLists') {
      if (!isObject(operand)) return { keyword, must: 'an object with schemas' }
      for (const [name, inner] of Object.entries(operand))
        if (shape.subschemas === 'map' || !isTexts(inner))
          found.push({ place: [keyword, name], schema: inner })
    } else if (shape.subschemas) found.push({ place: [keyword], schema: operand })
  }
  return { found }
}
