import { expect, test } from 'vitest'
import { outcomeOf } from './outcome.ts'

test.for([
  ['an answer', [200, 201, 204]],
  ['a fault of the caller, which would be one everywhere', [400, 405, 413, 415, 422]],
])('%s goes back to the caller', ([, statuses]) => {
  expect((statuses as number[]).map(outcomeOf)).toEqual((statuses as number[]).map(() => 'answer'))
})

test.for([
  ['an overloaded or broken upstream', [408, 425, 429, 500, 502, 503, 504, 529]],
  ['a redirect, which would carry our key elsewhere', [301, 302, 307, 308]],
  ['a key or model of ours that the upstream does not accept', [401, 402, 403, 404, 410]],
])('%s makes the route ask its next target', ([, statuses]) => {
  expect((statuses as number[]).map(outcomeOf)).toEqual((statuses as number[]).map(() => 'next_target'))
})
