import { describe, expect, test } from 'vitest'
import { HostedModel, servingOf } from './hosted-model.ts'
import { Serving } from './route.ts'

const openai = { baseUrl: 'https://api.example/v1', servedModel: 'gpt-x', secret: 'OPENAI_API_KEY' }
const served = (given: unknown) => servingOf(HostedModel.parse(given))

test('speaks OpenAI’s API where it does not say', () => {
  expect(served(openai)).toEqual(openai)
  expect(served({ ...openai, provider: 'openai', baseUrl: 'https://api.example/v1/' })).toEqual(openai)
})

test('is served as targets of a route are', () => {
  const price = { inputPerMTok: 3, outputPerMTok: 15 }
  const claude = { ...openai, provider: 'anthropic', price, contextTokens: 200_000 }
  expect(Serving.parse(served({ ...claude, note: 'since the trial' }))).toEqual(claude)
  const bound = served({ provider: 'workers-ai', servedModel: '@cf/meta/llama' })
  expect(Serving.parse(bound)).toEqual({
    provider: 'workers-ai',
    baseUrl: 'binding:AI',
    servedModel: '@cf/meta/llama',
    secret: '',
  })
})

describe('is refused', () => {
  const cases: [string, object, string, RegExp][] = [
    [
      'a key where its name belongs',
      { secret: 'sk-proj-abc123' },
      'secret',
      /name of a Worker secret.*never the key/,
    ],
    ['another kind of address', { baseUrl: 'ftp://api.example/v1' }, 'baseUrl', /http:\/\/ or https:\/\//],
    [
      'an address with a password',
      { baseUrl: 'https://me:pw@api.example/v1' },
      'baseUrl',
      /no name, password/,
    ],
    ['an address with a key behind it', { baseUrl: 'https://api.example/v1?key=1' }, 'baseUrl', /query/],
    [
      'an address that goes on to the endpoint',
      { baseUrl: 'https://api.example/v1/chat/completions' },
      'baseUrl',
      /must end before the endpoint/,
    ],
    ['a model without a key', { secret: undefined }, 'secret', /needed for a model of the provider openai/],
    ['a binding with an address', { provider: 'workers-ai' }, 'baseUrl', /binding AI/],
    ['a price below nothing', { price: { inputPerMTok: -1, outputPerMTok: 0 } }, 'price.inputPerMTok', /0/],
    ['what nobody knows', { endpoint: 'x' }, '', /Unrecognized key: "endpoint"/],
  ]
  test.for(cases)('%s', ([, given, path, message]) => {
    const merged = Object.entries({ ...openai, ...given }).filter(([, value]) => value !== undefined)
    const { error } = HostedModel.safeParse(Object.fromEntries(merged))
    const issue = error?.issues.find((each) => each.path.join('.') === path)
    expect(issue?.message).toMatch(message)
    expect(JSON.stringify(error)).not.toContain('abc123')
  })
})
