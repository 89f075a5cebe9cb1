import { expect, test } from 'vitest'
import { target } from './target.fixture.ts'
import { targetIdentity } from './target-identity.ts'

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
