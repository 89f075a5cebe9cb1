import { expect, test } from 'vitest'
import type { Json } from '../../json.ts'
import { checkArguments } from './schema.ts'

const check = (parameters: Record<string, Json>, given: Record<string, Json>) =>
  checkArguments({ name: 'f', arguments: given }, { name: 'f', parameters })

test('the type names of BFCL are understood', () => {
  const parameters = {
    type: 'dict',
    properties: {
      rate: { type: 'float' },
      point: { type: 'tuple', items: { type: 'float' } },
      anything: { type: 'any' },
      label: { type: 'String' },
      options: { type: 'dict', properties: { deep: { type: 'integer' } }, required: ['deep'] },
    },
    required: ['rate'],
  }
  const good = { rate: 5, point: [1, 2.5], anything: { x: 1 }, label: 'x', options: { deep: 1 } }
  expect(check(parameters, good)).toEqual({ validity: 1, missing: [], unknown: [], refused: [] })
  expect(check(parameters, { ...good, options: { deep: 'no' } }).refused).toEqual(['options'])
  expect(check(parameters, { ...good, rate: '5' }).refused).toEqual(['rate'])
})

test('validity is the share of arguments that are there, known and accepted', () => {
  const parameters = {
    type: 'object',
    properties: {
      city: { type: 'string' },
      unit: { type: 'string', enum: ['C', 'F'] },
      days: { type: 'integer' },
    },
    required: ['city', 'days'],
  }
  expect(check(parameters, { unit: 'K', city: 'Oslo', 'a/b': 1 })).toEqual({
    validity: 0.25,
    missing: ['days'],
    unknown: ['a/b'],
    refused: ['unit'],
  })
})

test('an enum that contradicts its type says nothing', () => {
  const parameters = { type: 'dict', properties: { on: { type: 'boolean', enum: ['True', 'False'] } } }
  expect(check(parameters, { on: true }).validity).toBe(1)
  expect(check(parameters, { on: 'maybe' }).validity).toBe(0)
})

test('references stay in the document; round in circles or to elsewhere, anything goes', () => {
  const parameters: Record<string, Json> = {
    type: 'object',
    properties: {
      to: { $ref: '#/$defs/Address' },
      node: { $ref: '#' },
      far: { $ref: 'https://example.com/x' },
    },
    $defs: { Address: { type: 'object', required: ['zip'] } },
  }
  expect(check(parameters, { to: {} }).refused).toEqual(['to'])
  expect(check(parameters, { to: { zip: 1 }, node: { node: { node: {} } }, far: 1 }).validity).toBe(1)
})

test('a schema that doubles at each level is read to a limit', () => {
  const levels = Array.from({ length: 60 }, (_, level): [string, Json] => [
    `l${level}`,
    { allOf: [{ $ref: `#/$defs/l${level + 1}` }, { $ref: `#/$defs/l${level + 1}` }] },
  ])
  const started = performance.now()
  check(
    { type: 'object', properties: { x: { $ref: '#/$defs/l0' } }, $defs: Object.fromEntries(levels) },
    { x: 1 },
  )
  expect(performance.now() - started).toBeLessThan(2000)
})

test('no parameters, or none that are a schema, allow anything', () => {
  expect(checkArguments({ name: 'f', arguments: { x: 1 } }, { name: 'f' }).validity).toBe(1)
  expect(check({ type: ['object'], properties: 'none' }, { x: 1 }).validity).toBe(1)
})
