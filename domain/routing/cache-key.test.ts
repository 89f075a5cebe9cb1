import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../json.ts'
import { cacheKey } from './cache-key.ts'

const SCOPE = { project: 'p', routeVersion: 'route:support@1', kind: 'chat' }
const BODY = { model: 'support', messages: [{ role: 'user', content: 'Hello' }], temperature: 0.2 }
const key = (over: Record<string, Json>) => cacheKey(SCOPE, { ...BODY, ...over })

test('who asks and how it is sent makes no difference', () => {
  const same = {
    user: 'u',
    metadata: { a: 'b' },
    stream: true,
    stream_options: { include_usage: true },
    store: true,
  }
  expect(key(same)).toBe(key({}))
  expect(cacheKey(SCOPE, Object.fromEntries(Object.entries(BODY).toReversed()))).toBe(key({}))
})

test('what the answer depends on does, known or not', () => {
  const others: Record<string, Json>[] = [
    { temperature: 0.3 },
    { seed: 1 },
    { tools: [] },
    { variables: { a: 1 } },
    { some_new_parameter: null },
    { messages: [{ role: 'user', content: 'hello' }] },
  ]
  const scopes = [
    { project: 'q' },
    { routeVersion: 'route:support@2' },
    { kind: 'completions' },
    { chosen: 'canary' },
  ]
  const keys = [...others.map(key), ...scopes.map((scope) => cacheKey({ ...SCOPE, ...scope }, BODY)), key({})]
  expect(new Set(keys).size).toBe(others.length + scopes.length + 1)
})

test('bodies have one key when they are the same, and two when they are not', () => {
  const body = fc.dictionary(
    fc.constantFrom('messages', 'seed', 'stop', 'n'),
    fc.jsonValue() as fc.Arbitrary<Json>,
  )
  fc.assert(
    fc.property(body, body, (a, b) => {
      const same = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
      expect(cacheKey(SCOPE, a) === cacheKey(SCOPE, b)).toBe(same)
    }),
  )
})

test('a body without canonical JSON has no key', () => {
  expect(key({ messages: '\uD83D' })).toBeUndefined()
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as Json
  expect(key({ messages: deep })).toBeUndefined()
})

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, sorted(value[name]!)]),
  )
}
