import { expect, test } from 'vitest'
import { encodingOf } from './encoding.ts'

test.for([
  ['application/json', 'json'],
  ['Application/JSON; charset=utf-8', 'json'],
  ['application/x-protobuf', 'protobuf'],
  [' application/x-protobuf ;v=1', 'protobuf'],
  ['application/grpc', null],
  ['text/plain', null],
  ['', null],
  [null, null],
] as const)('%s is %s', ([contentType, encoding]) => {
  expect(encodingOf(contentType)).toBe(encoding)
})
