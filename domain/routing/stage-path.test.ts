import { expect, test } from 'vitest'
import { RouteSettings } from './route-settings.ts'
import { atStage } from './stage-path.ts'
import { route, target } from './target.fixture.ts'

const [a, b, x] = [target('a'), target('b'), target('x')]

test('a problem of a version is told at its place in the stage that made it', () => {
  const settings = RouteSettings.parse({ targets: [{ model: 'model:x@production' }] })
  const spec = route([b, x, a])
  const told = (path: string) => atStage({ path, message: 'as targets.0' }, spec, settings)
  expect(told('targets.0.secret')).toEqual({ path: 'inputs.model.secret', message: 'as inputs.model' })
  expect(told('targets.1').path).toBe('with.targets.0.model')
  expect(told('targets.2.secret').path).toBe('production.targets.2.secret')
  expect(told('shadow.target.price').path).toBe('with.shadow.model.price')
  expect(told('rules.3.target').path).toBe('with.rules.3.model')
  expect(told('hedgeMs').path).toBe('with.hedgeMs')
  expect(told('targets').path).toBe('with.targets')
})

test('of a canary, the targets are those of production', () => {
  const spec = route([a, x], { canary: { target: b, share: 0.1, stickyBy: 'user' } })
  const told = (path: string) => atStage({ path, message: '' }, spec, RouteSettings.parse({})).path
  expect([told('targets.0.price'), told('canary.target')]).toEqual([
    'production.targets.0.price',
    'inputs.model',
  ])
})
