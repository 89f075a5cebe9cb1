import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitOfTools, wordsOf } from './relevance.ts'

const TOOLS = [
  { name: 'getWeatherForecast', description: 'Returns the weather forecast of a city.' },
  { name: 'book_train', description: 'Books a train ticket between two cities.' },
]

test('the tool that the request speaks of ranks first, and fits', () => {
  const [weather, train] = fitOfTools('What will the weather be like in Bergen tomorrow?', TOOLS)
  expect(weather?.rank).toBe(1)
  expect(train?.rank).toBe(0)
  expect(weather?.match).toBeGreaterThan(0.3)
  expect(train?.match).toBe(0)
})

test('a request that speaks of none leaves all equal, and fitting none', () => {
  expect(fitOfTools('Tell me a joke', TOOLS)).toEqual([
    { rank: 1, match: 0 },
    { rank: 1, match: 0 },
  ])
})

test('names are read as words', () => {
  expect(wordsOf('getHTTPStatus_v2.user-id')).toBe('get HTTP Status v2 user id')
})

test('any texts: rank and match in [0, 1]', () => {
  const tool = fc.record({ name: fc.string({ minLength: 1 }), description: fc.string({ unit: 'binary' }) })
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(tool, { maxLength: 5 }), (request, tools) => {
      for (const { rank, match } of fitOfTools(request, tools)) {
        expect(rank >= 0 && rank <= 1 + 1e-9).toBe(true)
        expect(match >= 0 && match <= 1).toBe(true)
      }
    }),
  )
})
