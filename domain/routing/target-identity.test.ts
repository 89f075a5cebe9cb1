import { expect, test } from 'vitest'
import { target } from './target.fixture.ts'
import { breakerIdentity, targetIdentity } from './target-identity.ts'

test('what a route calls a target, its weight and its price are not part of what fails', () => {
  const one = target('a')
  expect(targetIdentity({ ...one, id: 'b', weight: 3, baseUrl: `${one.baseUrl}/` })).toBe(targetIdentity(one))
  for (const other of [
    { servedModel: 'x' },
    { secret: 'X' },
    { baseUrl: 'https://x.example/v1' },
    { provider: 'anthropic' as const },
  ])
    expect(targetIdentity({ ...one, ...other })).not.toBe(targetIdentity(one))
})

test('each API of a target has a breaker of its own, and what is asked by way of a chat shares that of chats', () => {
  const openai = target('a')
  const kinds = ['chat', 'completions', 'embeddings'] as const
  const apart = (one: typeof openai) => new Set(kinds.map((kind) => breakerIdentity(one, kind))).size
  expect(apart(openai)).toBe(3)
  const claude = { ...openai, provider: 'anthropic' as const }
  expect(breakerIdentity(claude, 'completions')).toBe(breakerIdentity(claude, 'chat'))
  expect(apart(claude)).toBe(2)
})
