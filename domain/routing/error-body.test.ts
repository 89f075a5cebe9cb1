import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readErrorBody } from './error-body.ts'

test.for([
  [
    '{"error":{"message":"No","type":"t","param":"p","code":"c"}}',
    { code: 'c', type: 't', param: 'p', message: 'no' },
  ],
  ['{"error":"No"}', { code: '', type: '', param: '', message: 'no' }],
  ['{"detail":"No"}', { code: '', type: '', param: '', message: 'no' }],
  ['{"errors":[{"code":7003,"message":"No route"}]}', { code: '', type: '', param: '', message: 'no route' }],
  [
    '[{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"No"}}]',
    { code: 'resource_exhausted', type: '', param: '', message: 'no' },
  ],
  ['null', { code: '', type: '', param: '', message: '' }],
  ['<html>no</html>', { code: '', type: '', param: '', message: '' }],
] as const)('%s', ([body, error]) => {
  expect(readErrorBody(body)).toEqual(error)
})

test('any text has an error of four texts', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
      expect(Object.values(readErrorBody(body)).map((text) => typeof text)).toEqual(Array(4).fill('string'))
    }),
  )
})
