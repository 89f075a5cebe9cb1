import { expect, test } from 'vitest'
import { claimsChange } from './claim.ts'

test.for([
  ['Your seat has been booked.', true],
  ["I've now cancelled the order.", true],
  ['The alarm has been successfully added.', true],
  ['We just sent it.', true],
  ['Your payment was a success!', true],
  ['I can book it for you.', false],
  ['Shall I cancel it?', false],
  ['I have found three flights.', false],
  ['Unfortunately, it cannot be changed.', false],
])('%s claims a change: %s', ([reply, claims]) => {
  expect(claimsChange(reply as string)).toBe(claims)
})
