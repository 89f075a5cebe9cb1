import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { GATES, type GateName } from '../../gates/registry.ts'
import type { Json } from '../../json.ts'
import { diffWorkflows } from '../diff.ts'
import { defined } from '../sound.fixture.ts'
import { STRICTNESS, strictnessOf, type Strictness } from './strictness.ts'

/** Every parameter of a gate that is a number, a choice or a list, with `*` for names. */
function paramsOf(gate: GateName): { path: string; schema: Schema }[] {
  return leaves(z.toJSONSchema(GATES[gate].params as z.ZodType) as Schema, '')
}
interface Schema {
  type?: string | string[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | false
  enum?: Json[]
  anyOf?: Schema[]
  minimum?: number
  maximum?: number
}
function leaves(schema: Schema, path: string): { path: string; schema: Schema }[] {
  const join = (key: string) => (path === '' ? key : `${path}.${key}`)
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([key, inner]) => leaves(inner, join(key)))
  return schema.additionalProperties ? leaves(schema.additionalProperties, join('*')) : [{ path, schema }]
}

describe('the table of what is stricter', () => {
  const all = (Object.keys(GATES) as GateName[]).flatMap((gate) =>
    paramsOf(gate).map((param) => ({ gate, ...param })),
  )

  test('every parameter of every gate has its direction, and nothing else has', () => {
    expect(all.length).toBeGreaterThan(20)
    for (const { gate, path, schema } of all) {
      const strictness = strictnessOf(STRICTNESS[gate], path.split('.'))
      expect([gate, path, strictness !== undefined]).toEqual([gate, path, true])
      if (schema.enum)
        expect([gate, path, strictness?.stricter === 'order' && strictness.order.toSorted()]).toEqual([
          gate,
          path,
          schema.enum.toSorted(),
        ])
    }
    for (const gate of Object.keys(STRICTNESS) as GateName[]) {
      const known = paramsOf(gate).flatMap(({ path }) => [
        path,
        path.slice(0, Math.max(0, path.lastIndexOf('.'))),
      ])
      for (const path of Object.keys(STRICTNESS[gate])) expect(known).toContain(path)
    }
  })

  test('each parameter that is loosened is told as weaker, and tightened again it is not', () => {
    for (const { gate, path } of all) {
      const strictness = strictnessOf(STRICTNESS[gate], path.split('.'))!
      for (const [strict, loose] of loosenings(strictness)) {
        const [before, after] = [strict, loose].map((value) => withGate(gate, nested(path.split('.'), value)))
        const changes = diffWorkflows(before!, after!)
        expect(changes.map(({ gate: which, weaker }) => [which, path, weaker])).toEqual([[gate, path, true]])
        const back = diffWorkflows(after!, before!)
        expect(back.map(({ weaker }) => weaker)).toEqual([strictness.stricter === 'either'])
      }
    }
  })
})

/** Pairs of a stricter value and a looser one. */
function loosenings(strictness: Strictness): [Json, Json][] {
  switch (strictness.stricter) {
    case 'higher':
      return [[0.8, 0.7]]
    case 'lower':
      return [[0.7, 0.8]]
    case 'order':
      return [[strictness.order.at(-1)!, strictness.order[0]!]]
    case 'more':
      return [[['a', 'b'], ['a']]]
    case 'fewer':
      return [[['a'], ['a', 'b']]]
    case 'either':
      return [[0.05, 0.01]]
    default:
      return []
  }
}

function nested(path: readonly string[], value: Json): Record<string, Json> {
  const [key, ...rest] = path
  return { [key === '*' ? 'any' : key!]: rest.length === 0 ? value : nested(rest, value) }
}

/** A definition as it might have been stored, whose only gate has these parameters. */
function withGate(gate: string, params: Record<string, Json>) {
  const definition = defined()
  definition.stages.clean!.gates = [{ gate, params }]
  return definition
}
