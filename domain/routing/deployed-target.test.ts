import { describe, expect, test } from 'vitest'
import { deployedTarget, settingsHash } from './deployed-target.ts'
import { route, target } from './target.fixture.ts'

const [a, b, x, z] = [target('a'), target('b'), target('x'), target('z')]
const canaryOf = (share: number) => ({ canary: { target: b, share, stickyBy: 'user' as const } })

test('a version brought its canary, or else its first target', () => {
  expect(deployedTarget(route([a, b]))).toBe(a)
  expect(deployedTarget(route([a, x], canaryOf(0.1)))).toBe(b)
})

describe('settings', () => {
  const before = route([a, z], { previous: 'z' })

  test('are the same whichever model they stand around, as a canary and as its next steps too', () => {
    const same = [
      route([b, a], { previous: 'a' }),
      route([a]),
      route([a, z], { previous: 'z', ...canaryOf(0.05) }),
      route([a, z], { previous: 'z', ...canaryOf(0.2) }),
      route([a, z], { previous: 'z', prompt: 'prompt:other@production' }),
    ]
    expect(same.map(settingsHash)).toEqual(same.map(() => settingsHash(before)))
    const ruled = (id: string) =>
      route([{ ...a, id }, z], { previous: 'z', rules: [{ when: { t: 'y' }, target: id }] })
    expect(settingsHash(ruled('b'))).toBe(settingsHash(ruled('a')))
  })

  test('are others with other behaviour, further targets, weights, rules or shadow', () => {
    const others = [
      { ...before, hedgeMs: 100 },
      { ...before, timeouts: { ...before.timeouts, totalMs: 1_000 } },
      { ...before, targets: [a, x, z] },
      { ...before, targets: [{ ...a, weight: 3 }, z] },
      { ...before, rules: [{ when: { t: 'y' }, target: 'z' }] },
      { ...before, shadow: { target: x, share: 0.5 } },
    ]
    const hashes = [before, ...others].map(settingsHash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})
