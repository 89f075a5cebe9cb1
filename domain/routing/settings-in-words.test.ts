import { expect, test } from 'vitest'
import { RouteVersion } from './route.ts'
import { settingsInWords } from './settings-in-words.ts'
import { target } from './target.fixture.ts'

const inWords = (settings: object) => {
  const spec = { route: 'r', targets: [target('a')], prompt: `prompt:p@${'a'.repeat(64)}`, ...settings }
  return settingsInWords(RouteVersion.parse(spec)).map(({ name, text }) => `${name}: ${text}`)
}

test('a route that says nothing is told with its defaults', () => {
  expect(inWords({}).map((text) => text.replace(/\d+(?:\.\d+)?/g, 'N'))).toEqual([
    'Timeouts: N min in all',
    'Retries: one more try of the same target, after up to N ms; waits for a Retry-After of up to N s',
    'Circuit breaker: opens when N% of N or more requests in N s fail, or N in a row; probes after N s, later up to N s; closes after N good probes',
  ])
})

test('every setting is told, with its numbers', () => {
  expect(
    inWords({
      timeouts: { headersMs: 2_500, firstChunkMs: 700, chunkMs: 90_000, totalMs: 90_000 },
      retry: { sameTarget: 3 },
      breaker: { slowMs: 5_000, cooldownMs: 1_000, maxCooldownMs: 1_000, probes: 1 },
      canary: { target: target('c'), share: 0.07, stickyBy: 'header:x-tenant' },
      stickyBy: 'metadata:account',
      rules: [{ when: { tier: ['vip', 'gold'], country: 'de' }, target: 'a' }],
      hedgeMs: 800,
      shadow: { target: target('s'), share: 0.1 },
      commit: 'complete',
      limits: { requestsPerMinute: 60, tokensPerDay: 5_000_000, usdPerDay: 20 },
      cache: { ttlSeconds: 3_600 },
      guardrails: [
        { on: 'request', check: 'pii', onFail: 'redact' },
        { on: 'response', check: 'schema', onFail: 'next_target' },
      ],
      answerSchema: {},
      repair: true,
    }).slice(0, 14),
  ).toEqual([
    'Timeouts: 2.5 s to the headers, 700 ms more to the first chunk, 90 s between chunks, 90 s in all',
    'Retries: 3 more tries of the same target, after up to 250 ms, doubled to at most 2 s; waits for a Retry-After of up to 3 s',
    'Circuit breaker: opens when 50% of 20 or more requests in 10 s fail, or 5 in a row, or when 50% take longer than 5 s; probes after 1 s; closes after a good probe',
    'Canary: 7% of users, by the header x-tenant',
    'Sticky: a target is drawn for users, by the metadata account',
    'Rule: tier is vip or gold and country is de: asks a first',
    'Hedging: asks the next target too after 800 ms',
    'Shadow: 10% of the requests are sent to s too; its answers are only recorded',
    'Commit: an answer is sent when it is whole',
    'Limits: 60 requests a minute and key, 5,000,000 tokens a day, $20 a day',
    'Cache: equal requests get the same answer for 1 h',
    'Guardrail: a request that fails pii is redacted',
    'Guardrail: a response that fails schema is asked of the next target',
    'Repair: asks once more when the answer does not satisfy its schema',
  ])
})
