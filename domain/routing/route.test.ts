import { expect, test } from 'vitest'
import { RouteVersion } from './route.ts'

const target = {
  id: 'candidate',
  model: 'model:m@production',
  baseUrl: 'https://gpu.example/v1',
  servedModel: 'm',
  secret: 'GPU_KEY',
}

test('a route version has at least one target, and timeouts where none are given', () => {
  const version = { route: 'support', targets: [target], prompt: 'prompt:p@production' }
  expect(RouteVersion.parse(version).timeouts).toEqual({ totalMs: 60_000 })
  expect(RouteVersion.safeParse({ ...version, targets: [] }).error?.issues[0]?.path).toEqual(['targets'])
  expect(
    RouteVersion.safeParse({ ...version, targets: [{ ...target, baseUrl: 'gpu' }] }).error?.issues[0]?.path,
  ).toEqual(['targets', 0, 'baseUrl'])
})
